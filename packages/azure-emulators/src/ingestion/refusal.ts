/**
 * An answer other than 204. Thrown where the trouble is found and turned into an answer in one place.
 *
 * Codes of the service are used where they are known. Codes that begin with `Emulator` are this emulator's own: the
 * service has no known code, or would not refuse the call at all (then the message says so).
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
