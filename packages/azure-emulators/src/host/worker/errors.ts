import { format, types } from 'node:util';

/** An error that is the platform's own, not the app's: the library and the worker tell them apart by this property. */
export class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

/** The library recognises an unknown hook by the name `RangeError` together with the system mark. */
export class SystemRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
}

/** What was thrown as an error, with the text that the platform's worker gives it (src/errors.ts). */
export function toError(thrown: unknown): Error {
  // An error of another realm (a vm context) is one as well.
  if (types.isNativeError(thrown)) return thrown;
  if (thrown === undefined || thrown === null) return new Error('Unknown error');
  if (typeof thrown === 'object') return new Error(JSON.stringify(thrown));
  return new Error(typeof thrown === 'string' ? thrown : format('%s', thrown));
}
