/**
 * JSON as text in which each character is one byte of UTF-8: messages are then written quickly, and the length of a text
 * is its size.
 */
export function json(value: object | string): string {
  const text = JSON.stringify(value);
  return beyondAscii.test(text) ? Buffer.from(text).toString('latin1') : text;
}

const beyondAscii = /[^\0-\x7f]/;

/** JSON of a text in ASCII that holds nothing to escape, such as an address or a host name. */
export function plain(text: string | null): string {
  return text === null ? 'null' : `"${text}"`;
}

/** An object as Defender puts it into AdditionalFields: a string that holds JSON. */
export function nested(value: object): string {
  return json(JSON.stringify(value));
}

/** `"Name":"value","Other":1`: the inside of an object. */
export function members(columns: Readonly<Record<string, string | number | boolean | null>>): string {
  return json(columns).slice(1, -1);
}
