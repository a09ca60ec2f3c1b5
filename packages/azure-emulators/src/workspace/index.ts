import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { makeCertificate } from '../certificate';
import { Counts } from '../counts';
import { sendJson } from '../http/answer';
import { listenOnLoopback } from '../http/loopback';
import { readBody } from '../ingestion/body';
import { FaultPlan, type Faults } from '../injectedFaults';
import { type Answering, answerTo, failed, serviceOf } from './answerCall';
import type { WorkspaceFault, WorkspaceOptions } from './workspaceOptions';

export { QueryError } from './queryError';
export type { LogsQuestion, LogsTable, WorkspaceFault, WorkspaceOptions } from './workspaceOptions';

/** A Log Analytics workspace on loopback: its query endpoint, and what the management endpoint says of it. */
export interface WorkspaceEmulator {
  /** `https://127.0.0.1:PORT` of both endpoints, and the audience of their tokens. A client of the query API adds `/v1`. */
  readonly endpoint: string;
  /** PEM to trust. */
  readonly certificate: string;
  readonly resourceId: string;
  /** The workspace id, which queries name. */
  readonly customerId: string;
  readonly faults: Faults<WorkspaceFault>;
  /** Calls by the status answered; `reset` and `silence` for those without an answer. */
  statistics(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

const defaultResourceId =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/emulators/providers/Microsoft.OperationalInsights/workspaces/emulated';
const defaultCustomerId = '00000000-0000-0000-0000-000000000002';
/** No limit is documented. */
const maxBodyBytes = 1_048_576;

export async function startWorkspace(options: WorkspaceOptions): Promise<WorkspaceEmulator> {
  const { resourceId = defaultResourceId, customerId = defaultCustomerId, port = 0, now = Date.now } = options;
  const faults = new FaultPlan<WorkspaceFault>();
  const answered = new Counts();

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '/', headers } = request;
    const service = serviceOf(target);
    const fault = faults.take(({ on = service }) => on === service);
    const { content = Buffer.alloc(0) } = await readBody(request, maxBodyBytes);
    if (fault?.kind === 'silence') return answered.count('silence');
    if (fault?.kind === 'reset') {
      answered.count('reset');
      response.destroy();
      return;
    }
    if (fault?.kind === 'page') {
      answered.count(fault.status);
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>Fault asked for.</h1>');
      return;
    }
    const call = { method, target, authorization: headers.authorization, body: content };
    const answer = fault === undefined ? await answerTo(call, answering) : faultAnswer(fault);
    answered.count(answer.status);
    sendJson(response, answer);
  }

  const { key, cert } = options.certificate ?? (await makeCertificate());
  const server = createServer({ key, cert }, (request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  const listener = await listenOnLoopback(server, port, 'Log Analytics emulator');
  const endpoint = `https://127.0.0.1:${listener.port}`;
  const answering: Answering = { ...options, resourceId, customerId, endpoint, now };
  return {
    endpoint,
    certificate: cert,
    resourceId,
    customerId,
    faults,
    statistics: () => answered.read(),
    stop: () => listener.close(),
  };
}

function faultAnswer(fault: WorkspaceFault & { readonly kind: 'status' }) {
  const { status, code = 'EmulatorFault', message = 'Fault asked for.', retryAfterSeconds } = fault;
  return { ...failed(status, code, message), retryAfterSeconds };
}
