import { format, types } from 'node:util';

/** An error of the platform, not of the app. The library and the worker recognise it by this property. */
export class SystemError extends Error {
  readonly isAzureFunctionsSystemError = true;
}

/** The library recognises an unknown hook by the name `RangeError` and this property. */
export class SystemRangeError extends RangeError {
  readonly isAzureFunctionsSystemError = true;
}

/** Whatever was thrown as an Error, with the text that the platform's worker gives it (src/errors.ts). */
export function toError(thrown: unknown): Error {
  // Also true for an error of another realm (a vm context).
  if (types.isNativeError(thrown)) return thrown;
  if (thrown === undefined || thrown === null) return new Error('Unknown error');
  if (typeof thrown === 'object') return new Error(JSON.stringify(thrown));
  return new Error(typeof thrown === 'string' ? thrown : format('%s', thrown));
}
