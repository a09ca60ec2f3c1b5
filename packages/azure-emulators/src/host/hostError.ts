import { isFields } from '../fields';

/** A value for an error message, with its type, cut to a readable length. */
export function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return `${text.length > 80 ? `${text.slice(0, 80)}...` : text} (${value === null ? 'null' : typeof value})`;
}

export function messageOf(error: unknown): string {
  return isFields(error) && typeof error['message'] === 'string' ? error['message'] : String(error);
}

/** The host cannot start, or a function cannot be bound. The message says what, where, which value and what to do. */
export class HostError extends Error {
  override readonly name = 'HostError';
}
