const text = /"[^"\\]*(?:\\[^][^"\\]*)*"/g;
// oxlint-disable-next-line eslint/no-control-regex -- those are meant.
const control = /[\0-\u001f]/g;
// oxlint-disable-next-line eslint/no-control-regex -- those are meant.
const escapedControl = /\\[\0-\u001f]/;

/**
 * JSON text with the raw control characters inside its texts escaped, as JSON wants them. A producer that forgets this is the
 * most common way in which a message is no JSON. Between texts nothing is changed.
 */
export function escapeControlCharacters(json: string): string {
  return json.replace(text, (token) =>
    // Behind a backslash it is no forgotten escape, but damage.
    escapedControl.test(token)
      ? token
      : token.replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}
