import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { errorCode } from '../fields';
import { sendJson } from '../http/answer';
import type { FaultPlan } from '../injectedFaults';
import { readBody, type SentBody } from './body';
import type { IngestionFault } from './ingestionFaults';
import { type Receiver, receive, type StoredRows } from './receive';
import { Rejection } from './rejection';

export interface CallServer {
  serve(request: IncomingMessage, response: ServerResponse): void;
  /** Must be called for each connection that has closed. */
  closed(socket: Socket): void;
  /** Ends faults that wait, answers no more calls, and resolves when the answers to stored calls are sent. */
  stop(): Promise<void>;
}

/** Plays the faults of calls and answers calls. */
export function serveCalls(receiver: Receiver, faults: FaultPlan<IngestionFault>): CallServer {
  const { tally } = receiver;
  const stopping = new AbortController();
  const settling = new Set<Promise<void>>();
  /** The answer to the last call of each connection, until another call on it shows that the answer was read. */
  const unread = new Map<Socket, { lostAt: number }>();
  let clock = 0;

  async function attempt(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.take();
    if (fault?.kind === 'slowBody') await wait(fault.milliseconds, undefined, { signal: stopping.signal });
    const body = await readBody(request, receiver.limits.compressedBytes);
    stopping.signal.throwIfAborted();
    if (fault?.kind === 'silence') return tally.countOutcome('silence');
    if (fault?.kind === 'reset') return reset(response);
    if (fault?.kind === 'status') return answer(response, rejectionOf(fault));
    const settled = settle(request, response, body, fault);
    settling.add(settled);
    return settled.finally(() => settling.delete(settled));
  }

  async function settle(
    request: IncomingMessage,
    response: ServerResponse,
    body: SentBody,
    fault: IngestionFault | undefined,
  ): Promise<void> {
    const stored = await judge(request, body);
    if (stored instanceof Rejection) {
      return fault?.kind === 'storeThenReset' ? reset(response) : answer(response, stored);
    }
    const isKept = fault?.kind === 'storeThenReset' || fault?.kind === 'storeThenStatus';
    tellStored(request, stored, isKept);
    if (fault?.kind === 'slowAnswer') await wait(fault.milliseconds, undefined, { signal: stopping.signal });
    if (fault?.kind === 'storeThenReset') reset(response);
    else await answer(response, fault?.kind === 'storeThenStatus' ? rejectionOf(fault) : undefined);
  }

  function tellStored({ socket, headersDistinct }: IncomingMessage, stored: StoredRows, isKept: boolean): void {
    const at = clock++;
    const reply = { lostAt: isKept ? at : Number.POSITIVE_INFINITY };
    // A client that has read an answer reuses the connection; a client that gave up closes it.
    if (socket.destroyed) reply.lostAt = at;
    else if (!isKept) unread.set(socket, reply);
    const clientRequestId = headersDistinct['x-ms-client-request-id']?.[0];
    receiver.options.onStored?.({ ...stored, at, answer: reply, clientRequestId });
  }

  /** The rows that were stored, or why none was. */
  async function judge(request: IncomingMessage, body: SentBody): Promise<StoredRows | Rejection> {
    try {
      return await receive(request, body, receiver);
    } catch (error) {
      if (error instanceof Rejection) return error;
      if (error instanceof Error && errorCode(error) !== undefined) receiver.options.onWriteFailed?.(error);
      return new Rejection(500, 'InternalServerError', `The rows could not be stored: ${String(error)}`);
    }
  }

  async function answer(response: ServerResponse, rejection: Rejection | undefined): Promise<void> {
    if (response.destroyed) return tally.countOutcome('aborted');
    tally.countOutcome(rejection?.status ?? 204);
    if (rejection !== undefined) tally.countRejection(rejection.code);
    const sent = once(response, 'close');
    write(response, rejection);
    await sent;
  }

  function reset(response: ServerResponse): void {
    tally.countOutcome('reset');
    response.destroy();
  }

  function closed(socket: Socket): void {
    const lost = unread.get(socket);
    if (lost !== undefined) lost.lostAt = clock++;
    unread.delete(socket);
  }

  return {
    closed,
    serve(request, response) {
      tally.countRequest();
      unread.delete(request.socket);
      attempt(request, response).catch(() => {
        tally.countOutcome('aborted');
        response.destroy();
      });
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(settling);
    },
  };
}

/** Error code of a fault by its status, as the service answers the same status without a fault. */
const usualCodes = new Map([
  [400, 'InvalidPayload'],
  [401, 'InvalidToken'],
  [403, 'OperationFailed'],
  [404, 'NotFound'],
  [413, 'ContentLengthLimitExceeded'],
  [429, 'TooManyRequests'],
  [500, 'InternalServerError'],
]);

function rejectionOf(fault: IngestionFault & { kind: 'status' | 'storeThenStatus' }): Rejection {
  const retryAfter = fault.kind === 'status' ? fault.retryAfterSeconds : undefined;
  const code = fault.code ?? usualCodes.get(fault.status) ?? 'EmulatorFault';
  return new Rejection(fault.status, code, 'Fault asked for.', retryAfter);
}

function write(response: ServerResponse, rejection: Rejection | undefined): void {
  const headers = { 'x-ms-request-id': randomUUID() };
  if (rejection === undefined) {
    response.writeHead(204, headers).end();
    return;
  }
  const { status, code, message, retryAfterSeconds } = rejection;
  const body = { error: { code, message } };
  sendJson(response, { status, body, retryAfterSeconds }, { ...headers, 'x-ms-error-code': code });
}
