import Table from 'cli-table3';
import { type State, states, type Tally } from '../../shared/books';
import { isObject, type Json } from '../../shared/json';
import { noLinesBetweenRows, printable, wrapped } from '../map/printable';
import type { Found } from './check';

/** What `npm start` says at the end. */
export function summary({
  tally,
  seconds,
  problems,
  rowsStored,
  telemetryItems,
  files,
  example,
}: Found & { tally: Tally; seconds: number }): string {
  const parts = [
    ...(example === undefined ? [] : [beforeAndAfter(example.record, example.row)]),
    booksTable(tally),
    ...newInSchema(tally),
    `${number(tally.received)} records in ${seconds.toFixed(1)} s: ${number(tally.received / seconds)} records a second, on this machine, emulators included.`,
    ...files.map(({ name, holds }) => `${name}\n  ${holds}`),
    problems.length === 0
      ? `Everything is accounted for: ${number(rowsStored)} rows stored, each exactly once. The sums of the metrics equal the books (${number(telemetryItems)} items of telemetry).`
      : `Something is wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`,
  ];
  return parts.join('\n\n');
}

const plain = { style: { head: [], border: [] } };

const stateNotes: Readonly<Record<State, string>> = {
  sent: 'rows accepted',
  skipped: 'no network session',
  dropped: 'by a rule of yours',
  merged: 'part of another row',
  duplicates: 'the same event came before',
  deadLettered: 'set aside with a reason',
};

/** The books: every record in one line, and the lines add up. */
export function booksTable(tally: Tally): string {
  const table = new Table({ head: ['records', '', ''], colAligns: ['left', 'right', 'left'], ...plain });
  table.push(['received', number(tally.received), `in ${number(tally.messages)} messages`]);
  const names: Partial<Record<State, Readonly<Record<string, number>>>> = {
    skipped: tally.skippedByTable,
    dropped: tally.droppedByRule,
    deadLettered: tally.deadLetteredByReason,
  };
  for (const state of states) {
    table.push([state, number(tally[state]), [stateNotes[state], ...mostOf(names[state] ?? {})].join('\n')]);
  }
  return table.toString();
}

const shownNames = 6;

function mostOf(counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const lines = entries.slice(0, shownNames).map(([name, count]) => `  ${number(count)} ${name}`);
  return entries.length > shownNames ? [...lines, `  and ${entries.length - shownNames} more`] : lines;
}

function newInSchema(tally: Tally): string[] {
  const lines = mostOf(tally.newInSchema);
  return lines.length === 0 ? [] : [`New in Defender's schema, kept in AdditionalFields:\n${lines.join('\n')}`];
}

const columnWidth = 60;

/** One record before and after, side by side. A row for each line: cli-table3 takes seconds to draw a cell of fifty. */
function beforeAndAfter(record: Json, row: Json): string {
  const table = new Table({ chars: noLinesBetweenRows, ...plain });
  const underline = '─'.repeat(columnWidth);
  table.push(['a record as Defender sent it', 'its row in NetworkSessions'], [underline, underline]);
  const [left, right] = [linesOf(record), linesOf(row)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) table.push([left[i] ?? '', right[i] ?? '']);
  return table.toString();
}

function linesOf(value: Json): string[] {
  if (!isObject(value)) return [printable(value, columnWidth)];
  return Object.entries(value)
    .filter(([, field]) => field !== null && field !== '')
    .flatMap(([name, field]) => wrapped(`${name}: ${printable(field, 160)}`, columnWidth).split('\n'));
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
