import { isNativeError } from 'node:util/types';
import { withoutSecrets } from '../../shared/secrets';

/** Event Hubs rejected a call or did not answer. The message is for the person who runs the command. */
export class HubError extends Error {
  override readonly name = 'HubError';
}

/** The text of an error on one line. Looks inside an AggregateError, because the SDK wraps each retry in one. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  const text = isNativeError(error) ? error.message : String(error);
  return withoutSecrets(text.split('\n', 1)[0] ?? text);
}

/** The code of a system error or an SDK's error, such as ENOENT. */
export function errorCode(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** The text of an error for a person. Only an unexpected error has its stack. */
export function failureText(error: unknown): string {
  if (!isNativeError(error)) return withoutSecrets(String(error));
  const isExpected = error instanceof HubError || errorCode(error) !== undefined;
  return withoutSecrets(isExpected ? error.message : (error.stack ?? error.message));
}
