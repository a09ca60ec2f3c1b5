import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import type { SourceJson } from '../../shared/json';
import { areColumns, cellValue } from './csvColumns';
import { InputError } from './inputFile';
import type { InputMessage } from './inputMessage';
import { AmbiguousDate, type DateOrder, type PortalTime, portalTime } from './portalTime';
import { recordText } from './queryRows';

export interface CsvOptions {
  /** The table to assume for records without a table name. */
  readonly table: string | undefined;
  /** What dates such as 05/12/2026 mean. */
  readonly dates: DateOrder | undefined;
  /** Takes what a person should know about the file. */
  readonly note: (line: string) => void;
  /** The most bytes that one row may have. */
  readonly limit: number;
}

const delimiters = [',', ';', '\t'] as const;
type Delimiter = (typeof delimiters)[number];

/** What separates the cells if this is the first line of an export of events; undefined for anything else. */
export function csvDelimiter(firstLine: string): Delimiter | undefined {
  if (/^\s*[[{]/.test(firstLine)) return undefined;
  return delimiters.find((delimiter) => {
    const names = firstLine.split(delimiter).map(columnName);
    return names.length > 1 && areColumns(names);
  });
}

/** A workspace's export adds the zone to the name: `Timestamp [UTC]`. */
function columnName(cell: string): string {
  return cell
    .trim()
    .replace(/^"(.*)"$/s, '$1')
    .replace(/ \[UTC\]$/, '');
}

/**
 * The rows of a CSV export as records of the streaming API, one message each: empty cells are left out, numbers and times are
 * written as in JSON. A row with more or fewer cells than there are columns keeps its text: it is not JSON and becomes a dead
 * letter. @throws InputError for a file that does not name its table or the order of its dates, and, after all rows before it,
 * for a quote that is never closed.
 */
export async function* csvMessages(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  { table, dates, note, limit }: CsvOptions,
): AsyncGenerator<InputMessage, void, undefined> {
  let columns: readonly string[] | undefined;
  let isZoneNoted = false;
  const timeOf = (cell: string, line: number): PortalTime | undefined => {
    const time = timeIn(cell, line, dates);
    if (time?.hasZone === false && !isZoneNoted) {
      isZoneNoted = true;
      note('The times have no time zone and are read as UTC, the default of the portal.');
    }
    return time;
  };
  for await (const { cells, raw, line } of csvLines(bytes, delimiter, limit)) {
    if (columns === undefined) {
      columns = cells.map(columnName);
      continue;
    }
    const isRow = cells.length === columns.length;
    const text = isRow
      ? recordText(
          rowOf(columns, cells, (cell) => timeOf(cell, line)),
          table,
        )
      : raw;
    yield { sequenceNumber: String(line), body: Buffer.from(text), isRow };
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

function timeIn(cell: string, line: number, order: DateOrder | undefined): PortalTime | undefined {
  try {
    return portalTime(cell, order);
  } catch (error) {
    if (!(error instanceof AmbiguousDate)) throw error;
    throw new InputError(
      `line ${line}, "${cell}": ${error.message}. Say which: --dates day-first or --dates month-first.`,
    );
  }
}

interface CsvLine {
  readonly cells: readonly string[];
  readonly raw: string;
  /** The number of its first line in the file. */
  readonly line: number;
}

/** What the parser yields with its options `info` and `raw`. */
interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** Lines of CSV (RFC 4180); a quote inside an unquoted cell is allowed. @throws InputError after the last whole line. */
async function* csvLines(
  bytes: AsyncIterable<Uint8Array>,
  delimiter: Delimiter,
  limit: number,
): AsyncGenerator<CsvLine, void, undefined> {
  let unfinished: { readonly isTooLong: boolean; readonly raw: string; readonly rowsBefore: number } | undefined;
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
      const rowsBefore = Number(error?.['records'] ?? 0);
      unfinished ??= { isTooLong: error?.code === 'CSV_MAX_RECORD_SIZE', raw, rowsBefore };
      return undefined;
    },
  });
  const parsed: AsyncIterable<Parsed> = pipeline(Readable.from(bytes), parser, () => undefined);
  let next = 1;
  let rows = 0;
  for await (const { record, raw } of parsed) {
    // The parser is ahead of this loop, and goes on after a row that is too long.
    if (rows++ === unfinished?.rowsBefore) break;
    const blank = /^[\r\n]*/.exec(raw)?.[0] ?? '';
    const text = raw.slice(blank.length).replace(/[\r\n]+$/, '');
    const line = next + linesIn(blank);
    yield { cells: record, raw: text, line };
    next += linesIn(raw);
  }
  if (unfinished === undefined) return;
  const { isTooLong, raw } = unfinished;
  const row = next + linesIn(/^[\r\n]*/.exec(raw)?.[0] ?? '');
  if (isTooLong)
    throw new InputError(
      `the row that begins on line ${row} is longer than ${limit} bytes. Close the quote that is open in it.`,
    );
  const line = next + linesIn(raw.slice(0, openQuote(raw, delimiter)));
  throw new InputError(
    `line ${line}: a quote opens here and is never closed. No row from line ${row} on was read; all rows before it were. Close the quote, or write it twice ("") inside a quoted cell.`,
  );
}

/** Line ends; the parser drops the line feed of a CRLF between rows. */
function linesIn(text: string): number {
  return text.match(/\r\n?|\n/g)?.length ?? 0;
}

/** Where the last quoted cell of an unfinished row begins. */
function openQuote(raw: string, delimiter: Delimiter): number {
  let open = -1;
  for (let at = 0; at < raw.length; at++) {
    if (raw[at] !== '"') continue;
    if (open >= 0) {
      if (raw[at + 1] === '"') at++;
      else open = -1;
    } else if (at === 0 || [delimiter, '\n', '\r'].includes(raw[at - 1] ?? '')) open = at;
  }
  return Math.max(open, 0);
}
