import { createServer } from 'node:http';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';

export interface CheckpointServer {
  /** For AzureWebJobsStorage. */
  readonly connectionString: string;
  /** Metadata of each checkpoint blob by its name; what the Functions host writes. */
  readonly blobs: Map<string, { readonly sequencenumber: string; readonly written?: Date }>;
  /** Answers this instead of the blobs, when it is set. */
  refusal: { readonly status: number; readonly code: string } | undefined;
  stop(): Promise<void>;
}

/** The List Blobs operation of a storage account: https://learn.microsoft.com/rest/api/storageservices/list-blobs */
export async function startCheckpointServer(): Promise<CheckpointServer> {
  const blobs: CheckpointServer['blobs'] = new Map();
  const server = createServer((request, response) => {
    const { path, query } = splitTarget(request.url);
    const prefix = query.get('prefix') ?? '';
    const isList = path === '/account/azure-webjobs-eventhub' && query.get('comp') === 'list';
    const refusal = started.refusal ?? (isList ? undefined : { status: 404, code: 'ResourceNotFound' });
    if (refusal !== undefined) {
      response.writeHead(refusal.status, { 'x-ms-error-code': refusal.code, 'content-type': 'application/xml' });
      response.end(
        `<?xml version="1.0" encoding="utf-8"?><Error><Code>${refusal.code}</Code><Message>No.</Message></Error>`,
      );
      return;
    }
    const shown = [...blobs]
      .filter(([name]) => name.startsWith(prefix))
      .map(
        ([name, { sequencenumber, written = new Date() }]) =>
          `<Blob><Name>${name}</Name><Properties><Last-Modified>${written.toUTCString()}</Last-Modified><Etag>0x1</Etag><Content-Length>0</Content-Length><BlobType>BlockBlob</BlobType></Properties><Metadata><offset>1</offset><sequencenumber>${sequencenumber}</sequencenumber></Metadata></Blob>`,
      );
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<?xml version="1.0" encoding="utf-8"?><EnumerationResults ServiceEndpoint="x" ContainerName="c"><Blobs>${shown.join('')}</Blobs><NextMarker /></EnumerationResults>`,
    );
  });
  const listener = await listenOnLoopback(server, 0, 'Checkpoint server');
  const key = Buffer.from('key of no value').toString('base64');
  const started: CheckpointServer = {
    connectionString: `DefaultEndpointsProtocol=http;AccountName=account;AccountKey=${key};BlobEndpoint=http://127.0.0.1:${listener.port}/account`,
    blobs,
    refusal: undefined,
    stop: () => listener.close(),
  };
  return started;
}
