/** An object whose fields are still unknown, such as one read from JSON. */
export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `code` of a system error. Does not ask `instanceof`, which fails for errors of another realm (jest's, vm's). */
export function errorCode(error: unknown): unknown {
  return isFields(error) ? error['code'] : undefined;
}
