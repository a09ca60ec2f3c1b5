import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { SourceJson } from '../../shared/json';
import { areColumns, cellValue } from './csvColumns';
import { InputError } from './inputFile';
import type { InputMessage } from './inputMessages';
import { AmbiguousDate, type DateOrder, type PortalTime, portalTime } from './portalTime';
import { recordText } from './queryRows';

export interface CsvOptions {
  /** The table of rows that do not name theirs. */
  readonly table: string | undefined;
  /** How dates of two numbers and a year are meant. */
  readonly dates: DateOrder | undefined;
  /** Takes what a person should know about the file. */
  readonly note: (line: string) => void;
  /** Bytes of one row. */
  readonly limit: number;
}

const delimiters = [',', ';', '\t'] as const;
type Delimiter = (typeof delimiters)[number];

/** What separates the cells, when this is the first line of an export of events; undefined for anything else. */
export function csvDelimiter(firstLine: string): Delimiter | undefined {
  if (/^\s*[[{]/.test(firstLine)) return undefined;
  return delimiters.find((delimiter) => {
    const names = firstLine.split(delimiter).map(columnName);
    return names.length > 1 && areColumns(names);
  });
}

/** A workspace's export puts the zone behind the name: `Timestamp [UTC]`. */
function columnName(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/ \[UTC\]$/, '');
}

interface CsvLine {
  readonly cells: readonly string[];
  readonly raw: string;
  /** The number of the line on which it begins. */
  readonly number: number;
}

/**
 * The rows of a CSV export as records of the streaming API, a message each: empty cells left out, numbers and times as JSON
 * has them. A row with more or fewer cells than there are columns comes as it stands: it is no JSON and becomes a dead
 * letter. @throws InputError for a file whose table or dates nobody names.
 */
export async function* csvMessages(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  options: CsvOptions,
): AsyncGenerator<InputMessage, void, undefined> {
  let columns: readonly string[] | undefined;
  let hasTold = false;
  const timeOf = (cell: string, number: number): PortalTime | undefined => {
    const time = timeIn(cell, number, options.dates);
    if (time?.hasZone === false && !hasTold) {
      hasTold = true;
      options.note('The times name no zone and are read as UTC, which the portal shows unless told otherwise.');
    }
    return time;
  };
  for await (const { cells, raw, number } of csvLines(bytes, delimiter, options.limit)) {
    if (columns === undefined) {
      columns = cells.map(columnName);
      continue;
    }
    const isWhole = cells.length === columns.length;
    const row = isWhole ? rowOf(columns, cells, (cell) => timeOf(cell, number)) : undefined;
    const text = row === undefined ? raw : recordText(row, options.table);
    yield { sequenceNumber: String(number), body: Buffer.from(text), isRow: row !== undefined };
  }
}

function rowOf(
  columns: readonly string[],
  cells: readonly string[],
  timeOf: (cell: string) => PortalTime | undefined,
): Record<string, SourceJson> {
  const filled = columns.flatMap((column, i): [string, SourceJson][] => {
    const cell = cells[i] ?? '';
    return cell === '' ? [] : [[column, cellValue(column, cell, timeOf)]];
  });
  return Object.fromEntries(filled);
}

function timeIn(cell: string, number: number, order: DateOrder | undefined): PortalTime | undefined {
  try {
    return portalTime(cell, order);
  } catch (error) {
    if (!(error instanceof AmbiguousDate)) throw error;
    throw new InputError(
      `line ${number}, "${cell}": ${error.message}. Say which: --dates day-first or --dates month-first.`,
    );
  }
}

/** What the parser gives when asked for `info` and `raw`. */
interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** Lines of CSV (RFC 4180), forgiving a quote inside a cell. A quote that never ends makes the rest of the file one line. */
async function* csvLines(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  limit: number,
): AsyncGenerator<CsvLine, void, undefined> {
  const unfinished: CsvLine[] = [];
  let tooLarge: InputError | undefined;
  const parser = parse({
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: limit,
    on_skip: (error, raw = '') => {
      const end = Number(error?.['lines'] ?? 1);
      if (error?.code === 'CSV_MAX_RECORD_SIZE') {
        tooLarge ??= new InputError(
          `The row that ends on line ${end} is longer than ${limit} bytes: a quote is missing.`,
        );
      } else unfinished.push(csvLine([], end, raw));
      return undefined;
    },
  });
  const parsed: AsyncIterable<Parsed> = pipeline(Readable.from(bytes), parser, () => undefined);
  // The parser counts a line end of two bytes inside a cell as two.
  let counted = 0;
  for await (const { record, raw, info } of parsed) {
    if (tooLarge !== undefined) break;
    counted += record.join('').split('\r\n').length - 1;
    yield csvLine(record, info.lines - counted, raw);
  }
  if (tooLarge !== undefined) throw tooLarge;
  yield* unfinished;
}

/** `end` is the line on which it ends. */
function csvLine(cells: readonly string[], end: number, raw: string): CsvLine {
  const text = raw.replace(/^[\r\n]+/, '').replace(/[\r\n]+$/, '');
  return { cells, raw: text, number: end - (text.split('\n').length - 1) };
}
