import { isFields } from '../fields';
import type { Answer } from '../http/answer';
import { splitTarget } from '../http/target';
import { badArgument, QueryError } from './queryError';
import { readTimespan } from './queryTimespan';
import type { LogsQuestion, WorkspaceOptions } from './workspaceOptions';

/** A call, read to its end. */
export interface Call {
  readonly method: string;
  readonly target: string;
  readonly authorization: string | undefined;
  /** Empty where it was too long. */
  readonly body: Buffer;
}

export interface Answering extends Pick<WorkspaceOptions, 'tables' | 'answer' | 'authorize'> {
  readonly resourceId: string;
  readonly customerId: string;
  /** Also the audience of the tokens. */
  readonly endpoint: string;
  readonly now: () => number;
}

/** Which of the two services a call is for: Azure has a host for each. */
export function serviceOf(target: string): 'management' | 'query' {
  return target.startsWith('/v1/') ? 'query' : 'management';
}

export async function answerTo(call: Call, answering: Answering): Promise<Answer> {
  const service = serviceOf(call.target);
  const problem = answering.authorize(call.authorization, answering.endpoint);
  if (problem !== undefined) return rejected(problem, service);
  return service === 'query' ? queried(call, answering) : described(call, answering);
}

const tokenErrors: Readonly<Record<string, readonly [code: string, message: string]>> = {
  missing: ['AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing."],
  audience: ['InvalidAuthenticationTokenAudience', 'The access token has been obtained for another audience.'],
};

/** Documented of the query API is 403 for a token that is wrong; the management endpoint answers 401. */
function rejected(problem: string, service: 'management' | 'query'): Answer {
  const [code, message] = tokenErrors[problem] ?? ['InvalidAuthenticationToken', 'The access token is invalid.'];
  return failed(problem === 'missing' || service === 'management' ? 401 : 403, code, message);
}

async function queried({ method, target, body }: Call, { customerId, answer, now }: Answering): Promise<Answer> {
  const { path } = splitTarget(target);
  if (method !== 'POST' || path.toLowerCase() !== `/v1/workspaces/${customerId}/query`.toLowerCase())
    return failed(404, 'PathNotFoundError', 'The requested path does not exist');
  try {
    const { columns, rows } = await answer(questionIn(body, now()));
    const named = columns.map(([name, type]) => ({ name, type }));
    return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns: named, rows }] } };
  } catch (error) {
    if (error instanceof QueryError) return badArgument(error);
    return failed(500, 'InternalServerError', `The query could not be answered: ${String(error)}`);
  }
}

/** @throws QueryError */
function questionIn(body: Buffer, now: number): LogsQuestion {
  const { query, timespan } = fieldsIn(body);
  if (typeof query !== 'string' || query.trim() === '')
    throw new QueryError('EmulatorNoQuery', 'The body is no JSON object with a text "query".');
  if (timespan === undefined || timespan === null) return { query, from: undefined, to: undefined };
  return { query, ...readTimespan(typeof timespan === 'string' ? timespan : JSON.stringify(timespan), now) };
}

function fieldsIn(body: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

/** What the management endpoint says of the workspace and its tables. */
function described({ method, target }: Call, { resourceId, customerId, tables }: Answering): Answer {
  const { path, query } = splitTarget(target);
  if (!query.has('api-version')) {
    const code = 'MissingApiVersionParameter';
    return failed(400, code, 'The api-version query parameter (?api-version=) is required for all requests.');
  }
  const below = path.toLowerCase().startsWith(resourceId.toLowerCase()) ? path.slice(resourceId.length) : undefined;
  const name = resourceId.split('/').at(-1);
  const type = 'Microsoft.OperationalInsights/workspaces';
  if (method === 'GET' && below === '') {
    const properties = { customerId, provisioningState: 'Succeeded' };
    return { status: 200, body: { id: resourceId, name, type, properties } };
  }
  const asked = method === 'GET' ? /^\/tables\/([^/]+)$/i.exec(below ?? '')?.[1]?.toLowerCase() : undefined;
  const [table, plan] = Object.entries(tables).find(([one]) => one.toLowerCase() === asked) ?? [];
  if (table === undefined) {
    const known = Object.keys(tables).join(', ');
    const message = `The resource was not found. The emulator knows the workspace ${resourceId} and of it the tables: ${known}.`;
    return failed(404, 'ResourceNotFound', message);
  }
  const id = `${resourceId}/tables/${table}`;
  return { status: 200, body: { id, name: table, type: `${type}/tables`, properties: { plan } } };
}

export function failed(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}
