import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Counts } from '../counts';
import { type Answer, sendJson } from '../http/answer';
import { listenOnLoopback } from '../http/loopback';
import { splitTarget } from '../http/target';
import { FaultPlan, type Faults } from '../injectedFaults';
import { type TokenGrant, type TokenProblem, TokenStore } from './tokens';

export type { TokenGrant, TokenProblem } from './tokens';

/** What can go wrong with a request. */
export type IdentityFault =
  | { readonly kind: 'status'; readonly status: 429 | 500 | 502 | 503; readonly retryAfterSeconds?: number }
  /** The request is read and never answered. */
  | { readonly kind: 'silence' }
  /** The token expires after this many seconds; 0 makes a token that has expired already. */
  | { readonly kind: 'shortLife'; readonly seconds: number };

/**
 * The managed identity endpoint of App Service and Functions: `GET {endpoint}?api-version=2019-08-01&resource=...` with
 * the secret of IDENTITY_HEADER in `X-IDENTITY-HEADER`. Plain http, as on the platform.
 *
 * One process can use one endpoint: the library under `ManagedIdentityCredential` keeps the first IDENTITY_ENDPOINT it
 * meets, and caches tokens by resource and client id, for the life of the process.
 */
export interface IdentityEndpoint {
  readonly endpoint: string;
  readonly header: string;
  /** Environment of a process that uses this identity. */
  readonly environment: { IDENTITY_ENDPOINT: string; IDENTITY_HEADER: string };
  /** Client id of the system-assigned identity, which is used when the request names no id. */
  readonly clientId: string;
  readonly faults: Faults<IdentityFault>;
  /** Undefined when the token is valid for the audience, else the reason. `authorization` is the whole header. */
  verify(authorization: string | undefined, audience: string): TokenProblem | undefined;
  /** Client id of the identity that the token was issued to, valid or expired; undefined for an unknown token. */
  clientIdOf(authorization: string | undefined): string | undefined;
  /** What a token (without its `Bearer`) was issued for, valid or expired; undefined for an unknown token. */
  inspect(token: string): TokenGrant | undefined;
  /** Requests by the status answered; `silence` for those without an answer. */
  statistics(): Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

export interface IdentityOptions {
  /** Port on 127.0.0.1; by default the system chooses one. */
  readonly port?: number;
  /** The secret that callers must send; by default a new one at each start. */
  readonly header?: string;
  /** Life of a token in seconds; by default a day, as on the platform. */
  readonly lifetimeSeconds?: number;
  /** Client ids of the user-assigned identities that exist. The system-assigned identity always does. */
  readonly clientIds?: readonly string[];
}

const path = '/msi/token';
const apiVersion = '2019-08-01';

export async function startIdentity(options: IdentityOptions = {}): Promise<IdentityEndpoint> {
  const { port = 0, header = randomUUID(), lifetimeSeconds = 86_400, clientIds = [] } = options;
  const systemClientId = randomUUID();
  const userClientIds = new Set(clientIds.map((id) => id.toLowerCase()));
  const tokens = new TokenStore();
  const faults = new FaultPlan<IdentityFault>();
  const answered = new Counts();

  function answerTo(request: IncomingMessage, life: number): Answer {
    const { path: asked, query } = splitTarget(request.url);
    if (asked !== path) return reject(404, `Not found; tokens are at ${path}.`);
    if (request.method !== 'GET') return reject(405, `Method ${request.method} is not supported; use GET.`);
    if (request.headers['x-identity-header'] !== header) {
      return reject(401, 'The X-IDENTITY-HEADER header is missing or does not hold the value of IDENTITY_HEADER.');
    }
    const version = query.get('api-version');
    if (version !== apiVersion) return reject(400, `api-version must be ${apiVersion}, not ${version ?? 'absent'}.`);
    const resource = query.get('resource') ?? '';
    if (resource === '') return reject(400, "The required parameter 'resource' is missing.");
    const askedId = query.get('client_id')?.toLowerCase();
    const unsupported = ['principal_id', 'object_id', 'mi_res_id'].find((name) => query.has(name));
    if (
      unsupported !== undefined ||
      (askedId !== undefined && askedId !== systemClientId && !userClientIds.has(askedId))
    ) {
      return reject(
        400,
        'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
      );
    }
    const clientId = askedId ?? systemClientId;
    const { token, expiresOn } = tokens.issue(resource, clientId, life);
    const body = {
      access_token: token,
      client_id: clientId,
      expires_on: String(expiresOn),
      resource,
      token_type: 'Bearer',
    };
    return { status: 200, body };
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const fault = faults.take();
    if (fault?.kind === 'silence') {
      answered.count('silence');
      return;
    }
    const answer =
      fault?.kind === 'status'
        ? { ...reject(fault.status, 'Fault asked for.'), retryAfterSeconds: fault.retryAfterSeconds }
        : answerTo(request, fault?.kind === 'shortLife' ? fault.seconds : lifetimeSeconds);
    answered.count(answer.status);
    sendJson(response, answer);
  }

  const listener = await listenOnLoopback(createServer(serve), port, 'Managed identity endpoint');
  const endpoint = `http://127.0.0.1:${listener.port}${path}`;
  return {
    endpoint,
    header,
    environment: { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header },
    clientId: systemClientId,
    faults,
    verify: (authorization, audience) => tokens.verify(authorization, audience),
    clientIdOf: (authorization) => tokens.clientIdOf(authorization),
    inspect: (token) => tokens.inspect(token),
    statistics: () => answered.read(),
    stop: () => listener.close(),
  };
}

function reject(status: number, message: string): Answer {
  return { status, body: { statusCode: status, message, correlationId: randomUUID() } };
}
