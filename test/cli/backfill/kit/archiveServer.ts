import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';

export interface Blob {
  readonly content: Buffer;
  readonly etag?: string;
}

export interface BlobServer {
  /** Of the container `archive`, with a shared access signature. */
  readonly url: (prefix?: string, signature?: string) => string;
  readonly blobs: Map<string, Blob>;
  /** Names that were downloaded, in their order. */
  readonly downloads: string[];
  readonly stop: () => Promise<void>;
}

const signature = 'good';
/** So few that a listing takes several pages. */
const pageSize = 2;

/**
 * The two operations of Blob Storage that reading an archive takes, List Blobs and Get Blob, for one container.
 * https://learn.microsoft.com/rest/api/storageservices/list-blobs, .../get-blob
 */
export async function startBlobServer(): Promise<BlobServer> {
  const blobs = new Map<string, Blob>();
  const downloads: string[] = [];
  const server = createServer((request, response) => {
    const { path, query } = splitTarget(request.url);
    const name = decodeURIComponent(path.replace(/^\/account\/archive\/?/, ''));
    if (query.get('sig') !== signature) refuse(response, 403, 'AuthenticationFailed');
    else if (query.get('comp') === 'list') list(response, blobs, query);
    else {
      downloads.push(name);
      get(request, response, blobs.get(name));
    }
  });
  const listener = await listenOnLoopback(server, 0, 'Blob server');
  return {
    url: (prefix = '', sig = signature) =>
      `http://127.0.0.1:${listener.port}/account/archive${prefix}?sv=2026-01-01&sig=${sig}`,
    blobs,
    downloads,
    stop: () => listener.close(),
  };
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'x-ms-error-code': code, 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>Refused.</Message></Error>`);
}

function list(response: ServerResponse, blobs: ReadonlyMap<string, Blob>, query: URLSearchParams): void {
  const prefix = query.get('prefix') ?? '';
  const all = [...blobs].filter(([name]) => name.startsWith(prefix)).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const start = Number(query.get('marker') ?? 0);
  const page = all
    .slice(start, start + pageSize)
    .map(
      ([name, { content, etag = '0x1' }]) =>
        `<Blob><Name>${name}</Name><Properties><Last-Modified>Fri, 20 Nov 2026 10:00:00 GMT</Last-Modified><Etag>${etag}</Etag><Content-Length>${content.length}</Content-Length><BlobType>AppendBlob</BlobType></Properties></Blob>`,
    );
  const next = start + pageSize < all.length ? `<NextMarker>${start + pageSize}</NextMarker>` : '<NextMarker />';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="x" ContainerName="archive"><Blobs>${page.join('')}</Blobs>${next}</EnumerationResults>`,
  );
}

function get(request: IncomingMessage, response: ServerResponse, blob: Blob | undefined): void {
  if (blob === undefined) return refuse(response, 404, 'BlobNotFound');
  const { content, etag = '0x1' } = blob;
  const header = request.headers['x-ms-range'] ?? request.headers.range;
  const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(String(header)) ?? [];
  const end = to === '' ? content.length : Math.min(Number(to) + 1, content.length);
  response.writeHead(206, {
    etag,
    'last-modified': 'Fri, 20 Nov 2026 10:00:00 GMT',
    'content-length': end - Number(from),
    'content-range': `bytes ${from}-${end - 1}/${content.length}`,
    'x-ms-blob-type': 'AppendBlob',
  });
  response.end(content.subarray(Number(from), end));
}
