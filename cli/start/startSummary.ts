import Table from 'cli-table3';
import { type State, states, type Tally } from '../../shared/books';
import { isObject, type Json } from '../../shared/json';
import { counted, number } from '../common/numberText';
import { noLinesBetweenRows, printable, wrapped } from '../common/printable';
import { fitted } from '../common/terminal';
import { hints } from '../input/hints';
import type { Found } from './compareAccounts';

export { number } from '../common/numberText';

/** What `npm start` says at the end, in lines of at most `width` characters but for paths. */
export function summary(
  { tally, seconds, problems, rowsStored, telemetryItems, files, example }: Found & { tally: Tally; seconds: number },
  width: number,
): string {
  const rate = `${counted(tally.received, 'record')} in ${seconds.toFixed(1)} s: ${number(tally.received / seconds)} records a second, on this machine, emulators included.`;
  const end =
    problems.length === 0
      ? `Everything is accounted for: ${counted(rowsStored, 'row')} stored, each exactly once. The sums of the metrics equal the books (${counted(telemetryItems, 'item')} of telemetry).`
      : ['Something is wrong:', ...problems.map((problem) => `  - ${problem}`)].join('\n');
  const parts = [
    ...(example === undefined ? [] : [beforeAndAfter(example.record, example.row, width)]),
    booksTable(tally, width),
    ...newInSchema(tally),
    ...unreadable(tally),
    fitted(rate, width),
    ...files.map(({ name, holds }) => `${name}\n${fitted(`  ${holds}`, width)}`),
    ...hints(tally).map((hint) => fitted(hint, width)),
    fitted(end, width),
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

/** Without these the books are as complete: nothing reaches them unless a setting asks for it. */
const onlyWhenUsed: ReadonlySet<State> = new Set(['dropped', 'merged']);

/** The books: every record in one line, and the lines add up. */
export function booksTable(tally: Tally, width: number): string {
  const table = new Table({ head: ['records', '', ''], colAligns: ['left', 'right', 'left'], ...plain });
  const counts = [tally.received, ...states.map((state) => tally[state])].map((count) => number(count).length);
  // The first column is as wide as its longest name; each has a border and two spaces.
  const rest = width - 'deadLettered'.length - Math.max(...counts) - 10;
  table.push(['received', number(tally.received), `in ${counted(tally.messages, 'message')}`]);
  const names: Partial<Record<State, Readonly<Record<string, number>>>> = {
    skipped: tally.skippedByTable,
    dropped: tally.droppedByRule,
    deadLettered: tally.deadLetteredByReason,
  };
  for (const state of states) {
    if (tally[state] === 0 && onlyWhenUsed.has(state)) continue;
    const notes = [stateNotes[state], ...mostOf(names[state] ?? {})];
    table.push([
      state,
      number(tally[state]),
      notes.map((note) => (note.length <= rest ? note : wrapped(note, rest))).join('\n'),
    ]);
  }
  return table.toString();
}

const shownNames = 6;

function mostOf(counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const lines = entries.slice(0, shownNames).map(([name, count]) => `  ${number(count)} ${printable(name, 140)}`);
  return entries.length > shownNames ? [...lines, `  and ${entries.length - shownNames} more`] : lines;
}

function newInSchema(tally: Tally): string[] {
  const lines = mostOf(tally.newInSchema);
  return lines.length === 0 ? [] : [`New in Defender's schema, kept in AdditionalFields:\n${lines.join('\n')}`];
}

function unreadable(tally: Tally): string[] {
  const lines = mostOf(tally.unreadableByColumn);
  return lines.length === 0 ? [] : [`Values that cannot be read, by column:\n${lines.join('\n')}`];
}

const before = 'a record as Defender sent it';
const after = 'its row in NetworkSessions';
/** Two of these, with what is between and beside them, stand side by side. */
const columnWidth = { least: 50, most: 60 };

/** One record before and after, side by side where the terminal is wide enough. */
function beforeAndAfter(record: Json, row: Json, width: number): string {
  const column = Math.min(columnWidth.most, Math.floor((width - 7) / 2));
  if (column < columnWidth.least) return [...block(before, record, width), '', ...block(after, row, width)].join('\n');
  // A row for each line: cli-table3 takes seconds to draw a cell of fifty.
  const table = new Table({ chars: noLinesBetweenRows, ...plain });
  const underline = '─'.repeat(column);
  table.push([before, after], [underline, underline]);
  const [left, right] = [linesOf(record, column), linesOf(row, column)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) table.push([left[i] ?? '', right[i] ?? '']);
  return table.toString();
}

function block(title: string, value: Json, width: number): string[] {
  return [title, '─'.repeat(title.length), ...linesOf(value, width)];
}

function linesOf(value: Json, width: number): string[] {
  if (!isObject(value)) return [printable(value, width)];
  return Object.entries(value)
    .filter(([, field]) => field !== null && field !== '')
    .flatMap(([name, field]) => wrapped(`${name}: ${printable(field, 160)}`, width).split('\n'));
}
