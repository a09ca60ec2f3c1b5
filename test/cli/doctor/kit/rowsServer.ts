import { createServer } from 'node:https';
import { json } from 'node:stream/consumers';
import type { Certificate } from 'azure-emulators/certificate';
import { listenOnLoopback } from 'azure-emulators/http/loopback';
import { splitTarget } from 'azure-emulators/http/target';
import { fieldsOf } from '../../../../shared/fieldsOf';
import { evaluate } from '../../../kql/evaluator/evaluate';
import { type TableRow, tablesWith } from '../../../kql/workspaceTables';

/** A workspace that has the rows of the app, and answers any query that the evaluator knows. */
export interface RowsServer {
  readonly endpoint: string;
  readonly workspaceId: string;
  /** Plan of NetworkSessions_CL. */
  plan: string;
  /** What the caller has no right to. */
  denied: 'workspaces/read' | 'query/read' | undefined;
  /** Whether a gateway answers queries, with a page. */
  isDown: boolean;
  /** Whether queries find the rows that are stored. */
  showsRows: boolean;
  /** The queries that were asked. */
  readonly queries: string[];
  stop(): Promise<void>;
}

interface Options {
  readonly certificate: Certificate;
  readonly verify: (authorization: string | undefined, audience: string) => unknown;
  /** The stored rows, each as JSON. */
  readonly rows: () => AsyncIterable<string>;
}

const workspaceId =
  '/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-soc';
const customerId = 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee';

interface Answer {
  readonly status: number;
  readonly body: object;
}

/**
 * The management and the query endpoint of one workspace.
 * Source: https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format and .../response-format
 */
export async function startRowsServer({ certificate, verify, rows }: Options): Promise<RowsServer> {
  const server = createServer(certificate, (request, response) => {
    void (async () => {
      const body = request.method === 'POST' ? fieldsOf(await json(request)) : {};
      const isSignedIn = verify(request.headers.authorization, started.endpoint) === undefined;
      const { path } = splitTarget(request.url);
      const answer = isSignedIn
        ? await answerTo(`${request.method} ${path}`, String(body['query']))
        : error(401, 'InvalidAuthenticationToken', 'The access token is invalid.');
      const isPage = started.isDown && path.endsWith('/query');
      response.writeHead(isPage ? 502 : answer.status, { 'content-type': isPage ? 'text/html' : 'application/json' });
      response.end(isPage ? '<h1>Bad gateway</h1>' : JSON.stringify(answer.body));
    })();
  });

  async function answerTo(call: string, query: string): Promise<Answer> {
    if (call === `POST /v1/workspaces/${customerId}/query`) {
      started.queries.push(query);
      return started.denied === 'query/read' ? denied(started.denied) : result(query);
    }
    if (started.denied === 'workspaces/read') return denied(started.denied);
    if (call === `GET ${workspaceId}`) return { status: 200, body: { properties: { customerId } } };
    if (call === `GET ${workspaceId}/tables/NetworkSessions_CL`)
      return { status: 200, body: { properties: { plan: started.plan } } };
    return error(404, 'ResourceNotFound', 'The resource was not found.');
  }

  async function result(query: string): Promise<Answer> {
    const found: TableRow[] = [];
    if (started.showsRows) for await (const row of rows()) found.push(fieldsOf(JSON.parse(row)));
    const tables = tablesWith({ NetworkSessions_CL: found });
    const { columns, rows: values } = evaluate(query, { tables, now: new Date().toISOString() });
    const described = columns.map(([name, type]) => ({ name, type }));
    return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns: described, rows: values }] } };
  }

  const listener = await listenOnLoopback(server, 0, 'Query endpoint');
  const started: RowsServer = {
    endpoint: `https://localhost:${listener.port}`,
    workspaceId,
    plan: 'Analytics',
    denied: undefined,
    isDown: false,
    showsRows: true,
    queries: [],
    stop: () => listener.close(),
  };
  return started;
}

function denied(action: string): Answer {
  return error(403, 'AuthorizationFailed', `The client 'someone' has no authorization to perform action '${action}'.`);
}

function error(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
