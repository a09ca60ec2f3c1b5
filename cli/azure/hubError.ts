import { isNativeError } from 'node:util/types';
import { withoutSecrets } from '../../shared/secrets';

/** Event Hubs did not do what was asked. The message is for the person who runs the command. */
export class HubError extends Error {
  override readonly name = 'HubError';
}

/** What went wrong, on one line: the SDK nests an AggregateError for every level of retrying. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  const text = isNativeError(error) ? error.message : String(error);
  return withoutSecrets(text.split('\n', 1)[0] ?? text);
}

/** The stable name of a system error, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return isNativeError(error) && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A failure after the start, as shown: only one that nobody foresaw comes with its stack. */
export function failureText(error: unknown): string {
  if (!isNativeError(error)) return withoutSecrets(String(error));
  const isForeseen = error instanceof HubError || codeOf(error) !== undefined;
  return withoutSecrets(isForeseen ? error.message : (error.stack ?? error.message));
}
