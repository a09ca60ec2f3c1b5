/**
 * Splits valid JSON text without changing a character, so that rows are stored as they were sent: no number is rounded, no
 * escape rewritten. Every function expects text that `JSON.parse` has accepted.
 */

export interface Member {
  readonly name: string;
  /** The text of the value. */
  readonly value: string;
  /** The text of name and value, without the comma. */
  readonly text: string;
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Elements of the array that is the whole text. */
export function elementsOf(text: string): string[] {
  const elements: string[] = [];
  let at = skipBlank(text, skipBlank(text, 0) + 1);
  while (text.charCodeAt(at) !== closeBracket) {
    const end = endOfValue(text, at);
    elements.push(text.slice(at, end));
    at = pastComma(text, end);
  }
  return elements;
}

/** Members of the object that is the whole text, repeated names included. */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  let at = skipBlank(text, skipBlank(text, 0) + 1);
  while (text.charCodeAt(at) !== closeBrace) {
    const nameEnd = endOfString(text, at);
    const valueStart = skipBlank(text, skipBlank(text, nameEnd) + 1);
    const valueEnd = endOfValue(text, valueStart);
    members.push({
      name: stringOf(text.slice(at, nameEnd)),
      value: text.slice(valueStart, valueEnd),
      text: text.slice(at, valueEnd),
    });
    at = pastComma(text, valueEnd);
  }
  return members;
}

/** The value of a JSON string literal. */
export function stringOf(literal: string): string {
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

function pastComma(text: string, end: number): number {
  const at = skipBlank(text, end);
  return text.charCodeAt(at) === comma ? skipBlank(text, at + 1) : at;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  while (isBlank(text.charCodeAt(at))) at++;
  return at;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function endOfValue(text: string, start: number): number {
  const code = text.charCodeAt(start);
  if (code === quote) return endOfString(text, start);
  if (code === openBrace || code === openBracket) return endOfNested(text, start);
  return endOfScalar(text, start);
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}

/** Counts brackets instead of recursing: a body of a million brackets must not exhaust the stack. */
function endOfNested(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    const code = text.charCodeAt(at);
    if (code === quote) {
      at = endOfString(text, at);
    } else {
      if (code === openBrace || code === openBracket) depth++;
      else if (code === closeBrace || code === closeBracket) depth--;
      at++;
    }
  } while (depth > 0);
  return at;
}

function endOfScalar(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === comma || code === closeBracket || code === closeBrace || isBlank(code)) break;
    at++;
  }
  return at;
}
