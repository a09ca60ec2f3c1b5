import { DeliveryError } from '../errors/batchErrors';
import { messageOf } from '../errors/messageOf';
import { isObject, type Json } from '../json';
import { shortened } from '../shortened';

/** A call to Logs Ingestion that did not end with 204. */
interface FailedCall {
  readonly target: { readonly endpoint: string; readonly dcrId: string; readonly stream: string };
  readonly timeoutSeconds: number;
  readonly status?: number;
  readonly body?: string;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /** Whether we ended the call because its time was over. */
  readonly isTimeout?: boolean;
}

/** Says what happened and where. What to do about it stands in the table of failures. */
export function deliveryError(call: FailedCall): DeliveryError {
  const { target, status, cause } = call;
  const where = `DCR ${target.dcrId}, stream ${target.stream} at ${target.endpoint}`;
  if (status !== undefined) {
    const { code, message } = readError(call.body ?? '');
    const { retryAfterMs } = call;
    return new DeliveryError(code, status, `${where} answered ${status} ${code}${message}.`, { retryAfterMs });
  }
  const [code, message] =
    call.isTimeout === true
      ? ['Timeout', `${where} did not answer within ${call.timeoutSeconds} s.`]
      : isNamed(cause, 'CredentialUnavailableError') || isNamed(cause, 'AuthenticationError')
        ? ['NoToken', `No token for ${where}: ${messageOf(cause)}`]
        : ['NoConnection', `${where} could not be reached: ${messageOf(cause)}`];
  return new DeliveryError(code, undefined, message, { cause });
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** Reads `{"error":{"code","message"}}` of the service. A proxy in between may answer with anything else. */
function readError(body: string): { code: string; message: string } {
  let parsed: Json = null;
  try {
    // oxlint-disable-next-line typescript/no-unsafe-assignment -- what JSON.parse returns is JSON.
    parsed = JSON.parse(body);
  } catch {
    // Not JSON: no code.
  }
  const error = isObject(parsed) && isObject(parsed['error']) ? parsed['error'] : {};
  const { code, message } = error;
  return {
    // Shortened, because the error stays in memory while the batch is held.
    code: typeof code === 'string' ? shortened(code, 128) : 'Unknown',
    message: typeof message === 'string' ? `: ${shortened(message, 500).replace(/\.$/, '')}` : '',
  };
}
