import { type Json, parseJson, parseJsonSource } from '../json';
import { readDamaged, utf8 } from './damagedMessage';
import type { PartReader } from './messageParts';

const newline = 0x0a;

interface Line {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly value: Json | undefined;
  readonly error: string;
}

/**
 * Reads JSON lines. Returns false, and adds nothing, if there is only one line or most cannot be read. Neighbouring lines that
 * cannot be read are searched together, because a record can contain a raw line break.
 */
export function readLines(reader: PartReader, bytes: Uint8Array): boolean {
  const lines = linesOf(bytes);
  if (lines.length < 2) return false;
  const readable = lines.filter(({ value }) => value !== undefined).length;
  if (readable * 2 < lines.length) return false;
  let broken: Line[] = [];
  for (const line of lines) {
    if (line.value === undefined) {
      broken.push(line);
      continue;
    }
    takeBroken(reader, bytes, broken);
    broken = [];
    reader.take(line.value, () => parseJsonSource(line.text));
  }
  takeBroken(reader, bytes, broken);
  return true;
}

function takeBroken(reader: PartReader, bytes: Uint8Array, lines: readonly Line[]): void {
  const [first, last] = [lines[0], lines.at(-1)];
  if (first === undefined || last === undefined) return;
  if (readDamaged(reader, bytes.subarray(first.start, last.end), first.start)) return;
  for (const { start, end, error } of lines) reader.reject('InvalidJson', error, () => bytes.subarray(start, end));
}

/** All lines that are not blank. */
function linesOf(bytes: Uint8Array): Line[] {
  const lines: Line[] = [];
  for (let start = 0; start < bytes.length; ) {
    const next = bytes.indexOf(newline, start);
    const end = next < 0 ? bytes.length : next;
    const text = utf8.decode(bytes.subarray(start, end));
    if (text.trim() !== '') lines.push({ start, end, text, ...parsed(text) });
    start = end + 1;
  }
  return lines;
}

function parsed(text: string): Pick<Line, 'value' | 'error'> {
  try {
    return { value: parseJson(text), error: '' };
  } catch (error) {
    return { value: undefined, error: jsonProblem(error) };
  }
}

/** The text of a JSON error without the input that V8 quotes in it, because messages can contain personal data. */
export function jsonProblem(error: unknown): string {
  if (error instanceof RangeError) return 'The JSON is nested too deeply.';
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? 'Not valid JSON.' : `Not valid JSON at position ${position}.`;
}
