import { isObject, type Json, type JsonObject, parseJson } from '../../json';

/** Defender's AdditionalFields, parsed. */
export interface Unwrapped {
  /** The members of the object; empty if it is none. */
  readonly members: JsonObject;
  /** A list, another value, or text that is not JSON. */
  readonly other: Json | undefined;
  /** The text of a truncated or damaged object; `members` are those that could be read. */
  readonly damaged: string | undefined;
}

/** A text that holds a list of one text. */
const mostLayers = 3;

/**
 * Parses JSON in a text, also if it was encoded twice or is the only item of a list; of a damaged text, the members that
 * can be read. Linear time.
 */
export function unwrap(value: Json | undefined): Unwrapped {
  let inner = value;
  for (let layer = 0; layer < mostLayers; layer++) {
    if (Array.isArray(inner)) {
      if (inner.length !== 1 || !canHoldObject(inner[0])) break;
      inner = inner[0];
    } else if (typeof inner === 'string' && /^\s*["{[]/.test(inner)) {
      const parsed = parsedOr(inner, undefined);
      if (parsed === undefined) return { members: wholeMembers(inner), other: undefined, damaged: inner };
      inner = parsed;
    } else break;
  }
  return isObject(inner)
    ? { members: inner, other: undefined, damaged: undefined }
    : { members: {}, other: inner, damaged: undefined };
}

function parsedOr<T>(text: string, otherwise: T): Json | T {
  try {
    return parseJson(text);
  } catch {
    return otherwise;
  }
}

function canHoldObject(item: Json | undefined): boolean {
  return isObject(item) || (typeof item === 'string' && /^\s*\{/.test(item));
}

/** The members of a damaged JSON object that can be read one by one; also of one in a list or in a JSON string. */
export function wholeMembers(text: string): JsonObject {
  if (/^\s*"/.test(text)) {
    // Truncated: remove an incomplete escape at the end and close the string.
    const inner = parsedOr(`${text.replace(/\\(?:u[\da-f]{0,3})?$/i, '')}"`, undefined);
    return typeof inner === 'string' ? wholeMembers(inner) : {};
  }
  const start = /^\s*\[?\s*\{/.exec(text)?.[0].length;
  if (start === undefined) return {};
  const isList = text.trimStart().startsWith('[');
  const found: [string, Json][] = [];
  let from = start;
  for (const end of endsOfMembers(text, start)) {
    // A number at the end may have been truncated: `"bytes":12` was perhaps 1234.
    const isCutOff = end === text.length && /\d$/.test(text.slice(-1));
    const member = isCutOff ? undefined : parsedOr(`{${text.slice(from, end)}}`, undefined);
    if (isObject(member)) found.push(...Object.entries(member));
    from = end + 1;
    // A list of several items is not a wrapped object.
    if (isList && text[end] === '}' && !/^\s*\]?\s*$/.test(text.slice(from))) return {};
  }
  return Object.fromEntries(found);
}

/** Indexes where members end: at commas outside strings and inner values, at the closing brace, or at the end of the text. */
function* endsOfMembers(text: string, start: number): Generator<number, void> {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') {
      if (depth === 0) {
        yield i;
        return;
      }
      depth--;
    } else if (character === ',' && depth === 0) yield i;
  }
  yield text.length;
}
