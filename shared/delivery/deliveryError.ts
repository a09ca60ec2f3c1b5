import { isObject, type Json } from '../json';
import { shortened } from '../shortened';

/** Why a chunk was not accepted. The batch it belongs to is held and comes again. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';

  constructor(
    /** The service's error code, or one of ours: `NoToken`, `Timeout`, `BudgetSpent`, `NoConnection`. */
    readonly code: string,
    /** HTTP status; undefined when no answer came. */
    readonly status: number | undefined,
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number | undefined },
  ) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }

  /** How long the service asks us to wait. */
  readonly retryAfterMs: number | undefined;
}

interface Failure {
  readonly target: { readonly endpoint: string; readonly ruleId: string; readonly stream: string };
  readonly timeoutSeconds: number;
  readonly status?: number;
  readonly body?: string;
  readonly retryAfterMs?: number | undefined;
  readonly cause?: unknown;
  /** Whether we ended the attempt because its time was over. */
  readonly isTimeout?: boolean;
}

/** What an operator can do about each answer. */
const adviceByStatus: Readonly<Record<number, string>> = {
  400: 'Check LOGS_INGESTION_STREAM against the streams that the rule declares, and their columns.',
  401: 'The token was refused: check LOGS_INGESTION_AUDIENCE and the identity of the app.',
  403: 'The identity needs the role Monitoring Metrics Publisher on the rule; a new assignment takes up to 30 minutes.',
  404: 'No such rule behind this endpoint: check LOGS_INGESTION_RULE_IDS and LOGS_INGESTION_ENDPOINT.',
  413: 'The service found the body too large; please report this, bodies are cut to 1,000,000 bytes.',
  429: 'The rule takes 2 GB and 12,000 requests a minute: add rules to LOGS_INGESTION_RULE_IDS if this lasts.',
};

export function deliveryError(failure: Failure): DeliveryError {
  const { target, status, cause } = failure;
  const where = `rule ${target.ruleId}, stream ${target.stream} at ${target.endpoint}`;
  if (status !== undefined) {
    const { code, message } = readError(failure.body ?? '');
    const advice = adviceByStatus[status] ?? 'The batch is held and sent again.';
    const text = `${where} answered ${status} ${code}${message}. ${advice}`;
    return new DeliveryError(code, status, text, { retryAfterMs: failure.retryAfterMs });
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  if (failure.isTimeout === true) {
    const advice = 'Check the endpoint, or raise LOGS_INGESTION_TIMEOUT_SECONDS.';
    return new DeliveryError(
      'Timeout',
      undefined,
      `${where} did not answer within ${failure.timeoutSeconds} s. ${advice}`,
      { cause },
    );
  }
  if (isNamed(cause, 'CredentialUnavailableError') || isNamed(cause, 'AuthenticationError')) {
    const advice = 'Check that the app has a managed identity, and AZURE_CLIENT_ID if it is a user-assigned one.';
    return new DeliveryError('NoToken', undefined, `No token for ${where}: ${text} ${advice}`, { cause });
  }
  return new DeliveryError(
    'NoConnection',
    undefined,
    `${where} could not be reached: ${text} Check LOGS_INGESTION_ENDPOINT and the network.`,
    { cause },
  );
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

/** The service answers `{"error":{"code","message"}}`; anything else may stand in between and answer in its own way. */
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
    // Remembered while the batch is held.
    code: typeof code === 'string' ? shortened(code, 128) : 'Unknown',
    message: typeof message === 'string' ? `: ${shortened(message, 500).replace(/\.$/, '')}` : '',
  };
}
