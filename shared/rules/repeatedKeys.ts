/** The first key that an object of a JSON text has twice, with its line; undefined if there is none. Of JSON that was parsed. */
export function repeatedKey(json: string): { readonly key: string; readonly line: number } | undefined {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: key, index } of json.matchAll(tokens)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (key !== undefined) {
      const name = String(JSON.parse(key));
      const keys = open.at(-1);
      if (keys?.has(name)) return { key: name, line: json.slice(0, index).split('\n').length };
      keys?.add(name);
    }
  }
  return undefined;
}

/** A key with its colon; another string, so that braces inside strings are passed over; a brace. */
const tokens = /("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|[{}]/g;
