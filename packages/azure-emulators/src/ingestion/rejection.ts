/**
 * An answer other than 204.
 *
 * Codes of the service are used where they are known. Codes that begin with `Emulator` are this emulator's own: the
 * service's code is not known, or the service would not reject the call (then the message says so).
 */
export class Rejection extends Error {
  override readonly name = 'Rejection';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterSeconds?: number,
  ) {
    super(message);
  }
}
