const text = /"[^"\\]*(?:\\[^][^"\\]*)*"/g;
// oxlint-disable-next-line eslint/no-control-regex -- finds control characters on purpose.
const control = /[\0-\u001f]/g;
// oxlint-disable-next-line eslint/no-control-regex -- finds control characters on purpose.
const escapedControl = /\\[\0-\u001f]/;

/** Escapes raw control characters inside the strings of JSON text: the most common reason why a message is not valid JSON. */
export function escapeControlCharacters(json: string): string {
  return json.replace(text, (token) =>
    // A control character after a backslash is damage, not a missing escape.
    escapedControl.test(token)
      ? token
      : token.replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
