import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listener, listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';
import { errorCode, reasonOf } from '../common/errorText';
import { type ApiAnswer, failed, PageApi } from './pageApi';
import { type PageFile, readPageFiles } from './pageFiles';
import type { PageState } from './pageState';
import { mostPastedBytes } from './pastedRecords';
import { refusal, securityHeaders } from './requestGuard';

export interface Page {
  /** `http://127.0.0.1:PORT/` */
  readonly url: string;
  close(): Promise<void>;
}

/** Tried in this order; then any free one. */
const usualPorts = Array.from({ length: 10 }, (_, i) => 8077 + i);
const bodyType = 'application/octet-stream';

/**
 * Serves the page on 127.0.0.1, on a usual port or the given one.
 * @throws the system's error when a given port is in use or may not be opened; its message names the port.
 */
export async function startPage(state: PageState, port?: number): Promise<Page> {
  const handler = new PageHandler(await readPageFiles(), new PageApi(state));
  const server = createServer((request, response) => void handler.handle(request, response));
  server.requestTimeout = 60_000;
  const listener = await listenOn(port === undefined ? [...usualPorts, 0] : [port], (one) =>
    listenOnLoopback(server, one, 'The page of npm start'),
  );
  handler.port = listener.port;
  return { url: `http://127.0.0.1:${listener.port}/`, close: () => listener.close() };
}

async function listenOn(ports: readonly number[], listen: (port: number) => Promise<Listener>): Promise<Listener> {
  const [port = 0, ...others] = ports;
  try {
    return await listen(port);
  } catch (error) {
    if (others.length === 0 || !['EADDRINUSE', 'EACCES'].includes(errorCode(error) ?? '')) throw error;
    return listenOn(others, listen);
  }
}

class PageHandler {
  port = 0;

  constructor(
    private readonly files: ReadonlyMap<string, PageFile>,
    private readonly api: PageApi,
  ) {}

  /** Never rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.answer(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy();
      else sendAnswer(response, failed(500, `The page could not answer: ${reasonOf(error)}`));
    }
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { path, query } = splitTarget(request.url);
    const hosts = request.headersDistinct['host']?.length ?? 0;
    const refused = refusal(request.headers, { port: this.port, path, hosts });
    if (refused !== undefined) return sendAnswer(response, failed(refused.status, refused.why));
    const { method = '' } = request;
    if (path === '/api/map') {
      if (method !== 'POST') return notAllowed(response, 'POST');
      return sendAnswer(response, await this.mapped(request, response, query));
    }
    const file = this.files.get(path);
    const isApi = path.startsWith('/api/');
    if (file === undefined && !isApi) return sendAnswer(response, failed(404, 'There is nothing here.'));
    if (method !== 'GET' && method !== 'HEAD') return notAllowed(response, 'GET, HEAD');
    if (file !== undefined) return sendFile(response, file);
    return sendAnswer(response, (await this.api.get(path, query)) ?? failed(404, 'There is nothing here.'));
  }

  private async mapped(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<ApiAnswer> {
    // A form of another site cannot have this type.
    if (request.headers['content-type'] !== bodyType) return failed(415, `Send the records as ${bodyType}.`);
    const body = await readBody(request);
    if (body !== undefined) return this.api.map(body, query);
    response.setHeader('connection', 'close');
    return failed(413, `More than ${mostPastedBytes} bytes. Map the file with npm run map -- FILE --explain.`);
  }
}

/** Undefined for one that is too large; the rest of it is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  if (Number(request.headers['content-length'] ?? 0) > mostPastedBytes) return undefined;
  // Not the iterator of the stream: it would end the connection before the answer.
  return new Promise((resolveBody, reject) => {
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostPastedBytes) chunks.push(chunk);
      else {
        request.pause();
        resolveBody(undefined);
      }
    });
    request.on('end', () => resolveBody(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function notAllowed(response: ServerResponse, allow: string): void {
  response.setHeader('allow', allow);
  sendAnswer(response, failed(405, `Only ${allow}.`));
}

function sendFile(response: ServerResponse, { type, content }: PageFile): void {
  response.writeHead(200, { ...securityHeaders, 'content-type': type, 'content-length': content.length });
  response.end(content);
}

function sendAnswer(response: ServerResponse, { status, body }: ApiAnswer): void {
  response.writeHead(status, { ...securityHeaders, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
