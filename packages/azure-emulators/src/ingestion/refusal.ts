/**
 * An answer other than 204. Thrown where the trouble is found and turned into an answer in one place.
 *
 * Codes of the service are used where they are known. Codes that begin with `Emulator` are this emulator's own: the
 * service has no known code, or would not refuse the call at all (then the message says so).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
