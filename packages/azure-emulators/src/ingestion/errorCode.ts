/** The `code` that the system's errors carry. Not asked through `instanceof`, which fails across realms (jest's, vm's). */
export function errorCode(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}
