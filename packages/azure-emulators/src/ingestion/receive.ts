import type { IncomingMessage } from 'node:http';
import { splitTarget } from '../http/target';
import { type SentBody, textOf } from './body';
import type { IngestionOptions, Limits } from './ingestionOptions';
import type { Tally } from './ingestionStatistics';
import { Rejection } from './rejection';
import { acceptRows } from './rows';
import type { Rule } from './rule';
import type { RowStore } from './store';

export interface Receiver {
  readonly options: IngestionOptions;
  readonly limits: Required<Limits>;
  readonly rules: ReadonlyMap<string, Rule>;
  readonly store: RowStore;
  readonly tally: Tally;
  readonly now: () => number;
}

export interface StoredRows {
  readonly ruleId: string;
  readonly rows: readonly string[];
}

const apiVersion = '2023-01-01';
const sendAnArray = 'The live service may answer 204 and store nothing. Send an array.';

/**
 * Handles one call. Returns when its rows are stored, which is what 204 means.
 *
 * @throws Rejection when the call is rejected; then none of its rows is stored. Any other error is the store's.
 */
export async function receive(request: IncomingMessage, body: SentBody, receiver: Receiver): Promise<StoredRows> {
  const { options, limits, rules, store, tally, now } = receiver;
  const receivedMs = now();
  const { ruleId, stream } = addressOf(request);
  checkToken(request.headers.authorization, options);
  const rule = rules.get(ruleId);
  if (rule === undefined) {
    throw new Rejection(404, 'NotFound', `Data collection rule with immutable Id '${ruleId}' not found.`);
  }
  rule.countRequest(now());
  rule.checkRole(options.clientIdOf?.(request.headers.authorization));
  const columns = rule.columnsOf(stream);
  checkContentType(request.headers['content-type']);
  const { text, bytes } = await textOf(body, request.headers['content-encoding'], limits);
  rule.countBytes(bytes, now());
  checkArray(text);
  const { rows, replacedTimes } = acceptRows(text, columns, now());
  await store.append(stream, rows, receivedMs);
  tally.countStored(ruleId, stream, { rows: rows.length, bytes, compressedBytes: body.bytes }, replacedTimes);
  return { ruleId, rows };
}

function addressOf(request: IncomingMessage): { ruleId: string; stream: string } {
  const { path, query } = splitTarget(request.url);
  const [, ruleId, stream] = /^\/dataCollectionRules\/([^/]+)\/streams\/([^/]+)$/.exec(path) ?? [];
  if (ruleId === undefined || stream === undefined) {
    throw new Rejection(404, 'NotFound', 'Calls go to /dataCollectionRules/{immutableId}/streams/{stream}.');
  }
  if (request.method !== 'POST') throw new Rejection(405, 'EmulatorMethod', 'Rows are sent with POST.');
  const version = query.get('api-version');
  if (version !== apiVersion) {
    throw new Rejection(400, 'EmulatorApiVersion', `api-version must be ${apiVersion}, not ${version ?? 'absent'}.`);
  }
  return { ruleId: decode(ruleId), stream: decode(stream) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Rejection(404, 'NotFound', 'The address is not percent-encoded correctly.');
  }
}

function checkToken(authorization: string | undefined, options: IngestionOptions): void {
  const problem = options.authorize(authorization);
  if (problem === undefined) return;
  const code = problem === 'audience' ? 'InvalidAudience' : 'InvalidToken';
  throw new Rejection(401, code, `The bearer token is not accepted: ${problem}.`);
}

function checkContentType(contentType: string | undefined): void {
  if (/^application\/json\s*(;|$)/i.test(contentType ?? '')) return;
  throw new Rejection(415, 'EmulatorContentType', `Content-Type must be application/json, not '${contentType ?? ''}'.`);
}

/** The live service may answer 204 to these and store nothing. */
function checkArray(text: string): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Rejection(400, 'InvalidPayload', `The body is not JSON. ${sendAnArray}`);
  }
  if (!Array.isArray(value)) {
    throw new Rejection(400, 'EmulatorNotAnArray', `The body is JSON, but not an array. ${sendAnArray}`);
  }
}
