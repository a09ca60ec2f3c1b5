import type { Json } from '../../json';

/** What Defender and forwarders of its events write instead of no value. */
const emptyWords = new Set(['', '-', 'null']);

/** A string column's value: trimmed text, or the digits of a number; undefined if it is empty. */
export function toText(value: Json | undefined): string | undefined {
  if (typeof value === 'string') {
    if (value.length > 4 && isInk(value.charCodeAt(0)) && isInk(value.charCodeAt(value.length - 1))) return value;
    const trimmed = value.trim();
    return trimmed.length <= 4 && emptyWords.has(trimmed.toLowerCase()) ? undefined : trimmed;
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/** A printable character of ASCII but the space, which needs no trimming. */
function isInk(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** Log Analytics silently truncates longer fields (bytes of UTF-8). */
export const maxTextBytes = 65_536;

/** Well-formed text of at most {@link maxTextBytes} bytes, cut between code points; lone surrogates become U+FFFD. */
export function fitText(text: string, maxBytes: number = maxTextBytes): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed();
  // No UTF-16 unit takes more than three bytes of UTF-8.
  if (wellFormed.length * 3 <= maxBytes) return wellFormed;
  const bytes = Buffer.from(wellFormed, 'utf8');
  if (bytes.length <= maxBytes) return wellFormed;
  let end = maxBytes;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** Removes dots at both ends. A loop, because a regular expression takes quadratic time on many dots. */
export function trimDots(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === '.') start++;
  while (end > start && text[end - 1] === '.') end--;
  return text.slice(start, end);
}
