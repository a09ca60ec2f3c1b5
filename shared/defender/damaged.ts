import { isObject, type Json, parseJson, parseJsonSource } from '../json';
import { looksLikeRecord } from './envelopeFields';
import { damageIn, type GapPlace, isGlue } from './glue';
import type { PartReader } from './parts';
import { escapeControlCharacters } from './repair';
import { salvage, type WholeObject } from './salvage';

/** Removes a byte order mark. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: false });

/** A longer gap holds more than brackets and commas. */
const maxGlueBytes = 1024;

interface Parsed {
  readonly value: Json;
  readonly text: string;
  readonly isRepaired: boolean;
}

/**
 * Reads the whole records of text that is no JSON, and each damaged stretch between them as one unreadable part.
 * `offset` is where the text begins in its message. False, with nothing taken, where no record is whole.
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
  let end = 0;
  for (const object of objects) {
    takeGap(reader, bytes, { start: end, end: object.start, offset }, end === 0 ? 'first' : 'between');
    const found = parsed.get(object.start);
    if (found !== undefined) reader.take(found.value, () => parseJsonSource(found.text), found.isRepaired);
    ({ end } = object);
  }
  takeGap(reader, bytes, { start: end, end: bytes.length, offset }, 'last');
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

function takeGap(
  reader: PartReader,
  bytes: Uint8Array,
  { start, end, offset }: { readonly start: number; readonly end: number; readonly offset: number },
  place: GapPlace,
): void {
  const gap = bytes.subarray(start, end);
  if (gap.length <= maxGlueBytes && isGlue(utf8.decode(gap), place)) return;
  // One character a byte, so that places in the text are places in the bytes.
  const damage = damageIn(Buffer.from(gap.buffer, gap.byteOffset, gap.length).toString('latin1'));
  const [from, to] = [start + damage.start, start + damage.end];
  const error = `No valid JSON between byte ${offset + from} and byte ${offset + to} of the message.`;
  reader.reject('InvalidJson', error, () => bytes.subarray(from, to));
}
