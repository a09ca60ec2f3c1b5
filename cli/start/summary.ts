import Table from 'cli-table3';
import { type State, states, type Tally } from '../../shared/books';
import { isObject, type Json } from '../../shared/json';
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

/** One record before and after, side by side. */
function beforeAndAfter(record: Json, row: Json): string {
  const table = new Table({
    head: ['a record as Defender sent it', 'its row in NetworkSessions'],
    colWidths: [62, 62],
    wordWrap: true,
    wrapOnWordBoundary: false,
    ...plain,
  });
  table.push([fields(record), fields(row)]);
  return table.toString();
}

function fields(value: Json): string {
  if (!isObject(value)) return textOf(value);
  return Object.entries(value)
    .filter(([, field]) => field !== null && field !== '')
    .map(([name, field]) => `${name}: ${shortened(textOf(field))}`)
    .join('\n');
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function shortened(text: string): string {
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`;
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
