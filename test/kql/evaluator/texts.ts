import { RE2JS } from 're2js';

const patterns = new Map<string, RE2JS>();

/** Kusto's patterns are RE2's. */
export function regexOf(pattern: string): RE2JS {
  const compiled = patterns.get(pattern) ?? RE2JS.compile(pattern);
  patterns.set(pattern, compiled);
  return compiled;
}

export const withoutFirst = (text: string, pattern: string): string => regexOf(pattern).matcher(text).replaceFirst('');

const isWord = (character: string | undefined): boolean => character !== undefined && /[\p{L}\p{N}]/u.test(character);

/** Whether a text has another as whole terms: sequences of letters and digits. */
export function hasTerm(text: string, found: string): boolean {
  for (let at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + 1)) {
    const isOpen = !isWord(found[0]) || !isWord(text[at - 1]);
    if (isOpen && (!isWord(found.at(-1)) || !isWord(text[at + found.length]))) return true;
  }
  return false;
}
