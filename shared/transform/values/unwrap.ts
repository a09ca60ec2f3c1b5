import { isObject, type Json, type JsonObject, parseJson } from '../../json';

/** Defender's AdditionalFields out of their wrapping. */
export interface Unwrapped {
  /** An object's members; none when it is no object. */
  readonly members: JsonObject;
  /** A list, another value, or text that is no JSON. */
  readonly other: Json | undefined;
  /** The text of an object that does not end, or that is damaged: `members` are those that are whole. */
  readonly damaged: string | undefined;
}

/** A text, a list of one and a text in it. */
const mostLayers = 3;

/**
 * JSON in a text, also when it was encoded twice, and the one item of a list. Where the text is damaged, such as one that
 * was cut off, the members that are whole. The work grows with the length of the text, whatever it holds.
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

/**
 * The members of a JSON object that can be read one by one, whatever else is wrong with its text; also of one in a list, or
 * in a text of JSON.
 */
export function wholeMembers(text: string): JsonObject {
  if (/^\s*"/.test(text)) {
    // Cut off: what is left of an escape at the end goes, and the text ends there.
    const inner = parsedOr(`${text.replace(/\\(?:u[\da-f]{0,3})?$/i, '')}"`, undefined);
    return typeof inner === 'string' ? wholeMembers(inner) : {};
  }
  const start = /^\s*\[?\s*\{/.exec(text)?.[0].length;
  if (start === undefined) return {};
  const isList = text.trimStart().startsWith('[');
  const found: [string, Json][] = [];
  let from = start;
  for (const end of endsOfMembers(text, start)) {
    // Digits at the end of the text may go on: `"bytes":12` was perhaps 1234.
    const isCutOff = end === text.length && /\d$/.test(text.slice(-1));
    const member = isCutOff ? undefined : parsedOr(`{${text.slice(from, end)}}`, undefined);
    if (isObject(member)) found.push(...Object.entries(member));
    from = end + 1;
    // A list that goes on behind its first object is not an object in a wrapping.
    if (isList && text[end] === '}' && !/^\s*\]?\s*$/.test(text.slice(from))) return {};
  }
  return Object.fromEntries(found);
}

/** Where members end: at commas outside of strings and inner values, at the closing brace, or where the text does. */
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
