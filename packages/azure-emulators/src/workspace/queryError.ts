import { randomUUID } from 'node:crypto';
import type { Answer } from '../http/answer';

/** The query is wrong, or nobody here can answer it. */
export class QueryError extends Error {
  override readonly name = 'QueryError';

  /** @param code the service's, such as SEM0100; one that begins with `Emulator` is the emulator's own */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The service says what is wrong in the inner error alone. */
export function badArgument({ code, message }: QueryError): Answer {
  const outer = { message: 'The request had some invalid properties', code: 'BadArgumentError' };
  return { status: 400, body: { error: { ...outer, correlationId: randomUUID(), innererror: { code, message } } } };
}
