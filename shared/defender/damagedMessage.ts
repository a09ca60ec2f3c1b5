import { isObject, type Json, type JsonObject, parseJson, parseJsonSource } from '../json';
import { damageIn, type GapPosition, headFields, isGlue, opensList, tailFields } from './betweenRecords';
import { escapeControlCharacters } from './controlCharacters';
import { areShort, looksLikeRecord } from './envelopeFields';
import type { PartReader } from './messageParts';
import { salvage, type WholeObject } from './salvage';

/** Removes a byte order mark. */
export const utf8 = new TextDecoder('utf-8', { ignoreBOM: false });

/** A gap longer than this contains more than brackets and commas. */
const maxGlueBytes = 1024;

interface Parsed {
  readonly value: Json;
  readonly text: string;
  readonly isRepaired: boolean;
}

/**
 * Reads a text that is not valid JSON. Adds each intact record, and each damaged range between them as one unreadable part.
 * `offset` is the index of the text in its message. Returns false, and adds nothing, if no record is intact.
 */
export function readDamaged(reader: PartReader, bytes: Uint8Array, offset = 0): boolean {
  const before = reader.found.length;
  const parsed = new Map<number, Parsed>();
  const { objects } = salvage(bytes, (object) => {
    const found = parse(utf8.decode(bytes.subarray(object.start, object.end)));
    if (found === undefined || !isRecord(found, object, reader.options.table)) return false;
    parsed.set(object.start, found);
    return true;
  });
  const last = objects.at(-1)?.end ?? 0;
  const tail = tailFields(utf8.decode(bytes.subarray(last)));
  let end = 0;
  let outer: JsonObject = {};
  for (const object of objects) {
    outer = takeGap(reader, bytes, { start: end, end: object.start, offset }, end === 0 ? 'first' : 'between') ?? outer;
    ({ end } = object);
    const found = parsed.get(object.start);
    if (found === undefined) continue;
    const { text, value, isRepaired } = found;
    reader.take(value, () => parseJsonSource(text), {
      isRepaired,
      outer: end === last ? { ...outer, ...tail } : outer,
    });
    if (!areShort(outer)) outer = {};
  }
  if (tail === undefined) takeGap(reader, bytes, { start: last, end: bytes.length, offset }, 'last');
  if (reader.found.slice(before).some(({ kind }) => kind === 'record')) return true;
  reader.found.length = before;
  return false;
}

function isRecord({ value }: Parsed, { isValue }: WholeObject, table: string | undefined): boolean {
  return isObject(value) && looksLikeRecord(value, isValue, table);
}

function parse(text: string): Parsed | undefined {
  try {
    return { value: parseJson(text), text, isRepaired: false };
  } catch {
    const repaired = escapeControlCharacters(text);
    if (repaired === text) return undefined;
    try {
      return { value: parseJson(repaired), text: repaired, isRepaired: true };
    } catch {
      return undefined;
    }
  }
}

/** Returns the fields of the envelope that begins in the gap. */
function takeGap(
  reader: PartReader,
  bytes: Uint8Array,
  { start, end, offset }: { readonly start: number; readonly end: number; readonly offset: number },
  position: GapPosition,
): JsonObject | undefined {
  const gap = bytes.subarray(start, end);
  const text = utf8.decode(gap);
  const fields = position === 'last' ? undefined : headFields(text);
  if (fields !== undefined) return fields;
  if (gap.length <= maxGlueBytes && isGlue(text, position)) return undefined;
  // latin1 has one character for each byte, so indexes in the text are indexes in the bytes.
  const damage = damageIn(Buffer.from(gap.buffer, gap.byteOffset, gap.length).toString('latin1'));
  const [from, to] = [start + damage.start, start + damage.end];
  const error = `No valid JSON between byte ${offset + from} and byte ${offset + to} of the message.`;
  reader.reject('InvalidJson', error, () => bytes.subarray(from, to));
  return opensList(text) ? {} : undefined;
}
