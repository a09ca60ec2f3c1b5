import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';

export interface StoredBlob {
  readonly metadata: Readonly<Record<string, string>>;
  readonly etag: string;
  readonly lastModified: Date;
}

export interface BlobServer {
  /** For AzureWebJobsStorage. */
  readonly connectionString: string;
  /** The empty blobs of azure-webjobs-eventhub, by name. */
  readonly blobs: ReadonlyMap<string, StoredBlob>;
  /** Writes a blob as a host does. */
  readonly put: (name: string, metadata: Readonly<Record<string, string>>, lastModified?: Date) => void;
  /** Answers a request in the place of the storage, or leaves it without answer ('never'). */
  onRequest:
    | ((method: string, name: string) => { readonly status: number; readonly code: string } | 'never' | undefined)
    | undefined;
  /** The storage's clock; that of this machine unless set. */
  now: Date | undefined;
  stop(): Promise<void>;
}

const folder = '/account/azure-webjobs-eventhub/';

/**
 * Get Blob Properties, Set Blob Metadata and Put Blob of a storage account, with their conditions:
 * https://learn.microsoft.com/rest/api/storageservices/specifying-conditional-headers-for-blob-service-operations
 */
export async function startBlobServer(): Promise<BlobServer> {
  const blobs = new Map<string, StoredBlob>();
  let writes = 0;
  const put: BlobServer['put'] = (name, metadata, lastModified = new Date()) => {
    writes++;
    blobs.set(name, { metadata, etag: `"0x${writes}"`, lastModified });
  };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const { path, query } = splitTarget(request.url);
    const method = request.method ?? '';
    const name = decodeURIComponent(path.slice(folder.length));
    const special = started.onRequest?.(method, name);
    if (special === 'never') return;
    const blob = blobs.get(name);
    const fail = (status: number, code: string): void => {
      response.writeHead(status, { 'x-ms-error-code': code, 'content-type': 'application/xml' });
      response.end(
        method === 'HEAD'
          ? undefined
          : `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>No.</Message></Error>`,
      );
    };
    const succeed = (status: number): void => {
      const { metadata = {}, etag = '', lastModified = new Date() } = blobs.get(name) ?? {};
      const named = Object.entries(metadata).map(([key, value]): [string, string] => [`x-ms-meta-${key}`, value]);
      response.writeHead(status, {
        ...Object.fromEntries(named),
        date: (started.now ?? new Date()).toUTCString(),
        etag,
        'last-modified': lastModified.toUTCString(),
        'content-length': 0,
      });
      response.end();
    };
    if (special !== undefined) return fail(special.status, special.code);
    if (!path.startsWith(folder)) return fail(404, 'ResourceNotFound');
    if (method === 'HEAD') return blob === undefined ? fail(404, 'BlobNotFound') : succeed(200);
    const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
    if (blob !== undefined && ifNoneMatch === '*') return fail(409, 'BlobAlreadyExists');
    if (query.get('comp') === 'metadata' && blob === undefined) return fail(404, 'BlobNotFound');
    if (ifMatch !== undefined && blob?.etag !== ifMatch) return fail(412, 'ConditionNotMet');
    put(name, metadataOf(request));
    return succeed(query.get('comp') === 'metadata' ? 200 : 201);
  };
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(request, response));
  });
  const listener = await listenOnLoopback(server, 0, 'Blob server');
  const key = Buffer.from('key of no value').toString('base64');
  const started: BlobServer = {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${listener.port}/account`,
    blobs,
    put,
    onRequest: undefined,
    now: undefined,
    stop: () => listener.close(),
  };
  return started;
}

function metadataOf({ headers }: IncomingMessage): Record<string, string> {
  const prefix = 'x-ms-meta-';
  const own = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(prefix.length), String(value)]));
}
