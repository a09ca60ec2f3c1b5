import type { ContainerClient } from '@azure/storage-blob';
import type { Environment } from '../../shared/config';
import { reasonOf } from '../azure/hubError';
import { signIn } from '../azure/signIn';
import { UsageError } from '../common/exit';
import { type ArchiveFile, inOrder, isArchiveName } from './archiveFile';

/** Where the blobs are. */
export interface BlobPlace {
  readonly container: string;
  /** Blobs whose names begin with this. */
  readonly prefix: string;
  /** A shared access signature, with its `?`; empty for signing in. */
  readonly signature: string;
}

const loopback = /^(?:127\.0\.0\.1|\[::1\]|localhost)$/;

/**
 * Reads `https://account.blob.core.windows.net/container[/prefix]`; on the loopback interface the account comes first in
 * the path, as emulators have it, and TLS may be missing. @throws UsageError
 */
export function blobPlace(text: string): BlobPlace {
  const expected = 'expected https://account.blob.core.windows.net/container[/prefix]';
  if (!URL.canParse(text)) throw new UsageError(`${shown(text)} is no URL; ${expected}.`);
  const { origin, protocol, hostname, pathname, search, searchParams } = new URL(text);
  const isLocal = loopback.test(hostname);
  if (protocol !== 'https:' && !isLocal) throw new UsageError(`${shown(text)}: ${expected}, with https.`);
  const [account, rest] = isLocal
    ? [/^\/[^/]+/.exec(pathname)?.[0] ?? '', pathname.replace(/^\/[^/]+/, '')]
    : ['', pathname];
  const [container = '', ...prefix] = rest.slice(1).split('/');
  if (container === '') throw new UsageError(`${shown(text)} names no container; ${expected}.`);
  return {
    container: `${origin}${account}/${container}`,
    prefix: decoded(prefix.join('/'), text),
    signature: searchParams.has('sig') ? search : '',
  };
}

function decoded(prefix: string, url: string): string {
  try {
    return decodeURIComponent(prefix);
  } catch {
    throw new UsageError(`${shown(url)}: a % in the prefix begins no escape; write it as %25.`);
  }
}

/** Without what may be a secret. */
function shown(url: string): string {
  return url.replace(/\?.*/, '?...');
}

/** The blobs of a container, by their names. @throws UsageError when they cannot be listed. */
export async function blobArchive(place: BlobPlace, environment: Environment): Promise<ArchiveFile[]> {
  const client = await connect(place, environment);
  const files: ArchiveFile[] = [];
  try {
    for await (const { name, properties } of client.listBlobsFlat({ prefix: place.prefix })) {
      const { contentLength: size = 0, etag } = properties;
      // An account with folders lists these too, as blobs without content.
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
  const clientId = environment['AZURE_CLIENT_ID']?.trim() ?? '';
  return new Container(container, await signIn(environment, clientId === '' ? undefined : clientId));
}

/** As many bytes as were listed: the blob of the current hour may grow meanwhile. */
async function* download(client: ContainerClient, name: string, size: number): AsyncGenerator<Uint8Array> {
  const { readableStreamBody } = await client.getBlobClient(name).download(0, size, { maxRetryRequests: 5 });
  for await (const chunk of readableStreamBody ?? []) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}
