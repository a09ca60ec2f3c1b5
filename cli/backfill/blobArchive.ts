import type { ContainerClient } from '@azure/storage-blob';
import type { Environment } from '../../shared/config';
import { credentialOf } from '../azure/signIn';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { type ArchiveFile, inOrder, isArchiveName } from './archiveFile';

export interface BlobPlace {
  /** URL of the container. */
  readonly container: string;
  /** The names of the blobs begin with this. */
  readonly prefix: string;
  /** A shared access signature with its `?`; empty for signing in. */
  readonly signature: string;
}

const loopback = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/**
 * Reads `https://account.blob.core.windows.net/container[/prefix]`. On the loopback interface the path begins with the
 * account, as in emulators, and http is allowed. @throws UsageError
 */
export function blobPlace(text: string): BlobPlace {
  const shown = text.replace(/\?.*/, '?...');
  const expected = 'expected https://account.blob.core.windows.net/container[/prefix]';
  if (!URL.canParse(text)) throw new UsageError(`${shown} is no URL; ${expected}.`);
  const { origin, protocol, hostname, pathname, search, searchParams } = new URL(text);
  const isLocal = loopback.test(hostname);
  if (protocol !== 'https:' && !isLocal) throw new UsageError(`${shown}: ${expected}, with https.`);
  const account = isLocal ? (/^\/[^/]+/.exec(pathname)?.[0] ?? '') : '';
  const [container = '', ...prefix] = pathname.slice(account.length + 1).split('/');
  if (container === '') throw new UsageError(`${shown} names no container; ${expected}.`);
  try {
    return {
      container: `${origin}${account}/${container}`,
      prefix: decodeURIComponent(prefix.join('/')),
      signature: searchParams.has('sig') ? search : '',
    };
  } catch {
    throw new UsageError(`${shown}: a % in the prefix begins no escape sequence; write it as %25.`);
  }
}

/** The blobs of a container, sorted by name. @throws UsageError when they cannot be listed. */
export async function blobArchive(place: BlobPlace, environment: Environment): Promise<ArchiveFile[]> {
  const client = await connect(place, environment);
  const files: ArchiveFile[] = [];
  try {
    for await (const { name, properties } of client.listBlobsFlat({ prefix: place.prefix })) {
      const { contentLength: size = 0, etag } = properties;
      // An account with folders lists them too, as blobs without content.
      if (size === 0 || !isArchiveName(name)) continue;
      files.push({ name, size, version: etag, bytes: () => download(client, name, size) });
    }
  } catch (error) {
    throw new UsageError(
      `The blobs of ${place.container} cannot be listed: ${reasonOf(error)} Check the URL, and that you may read the container (role Storage Blob Data Reader).`,
      { cause: error },
    );
  }
  return inOrder(files);
}

async function connect({ container, signature }: BlobPlace, environment: Environment): Promise<ContainerClient> {
  const { ContainerClient: Container } = await import('@azure/storage-blob');
  if (signature !== '') return new Container(container + signature);
  return new Container(container, credentialOf(environment, environment['AZURE_CLIENT_ID']?.trim() || undefined));
}

/** Reads as many bytes as were listed: the blob of the current hour may grow meanwhile. */
async function* download(client: ContainerClient, name: string, size: number): AsyncGenerator<Uint8Array> {
  const { readableStreamBody } = await client.getBlobClient(name).download(0, size, { maxRetryRequests: 5 });
  for await (const chunk of readableStreamBody ?? []) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
