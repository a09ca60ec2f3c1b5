/** Removes a byte order mark. */
const utf8 = new TextDecoder();

/** Undefined when the bytes are no JSON. */
export function parsedJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
