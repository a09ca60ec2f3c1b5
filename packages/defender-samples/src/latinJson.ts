/**
 * JSON as text in which each character is one byte of UTF-8: messages are then written quickly, and the length of a text
 * is its size.
 */
export function json(value: unknown): string {
  const text = JSON.stringify(value);
  return beyondAscii.test(text) ? Buffer.from(text).toString('latin1') : text;
}

const beyondAscii = /[^\0-\x7f]/;

/** JSON of a text in ASCII that holds nothing to escape, such as an address. */
export function plain(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}
