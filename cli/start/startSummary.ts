import Table from 'cli-table3';
import { type State, states, type Tally } from '../../shared/books';
import { isObject, type Json } from '../../shared/json';
import { counted, number } from '../common/numberText';
import { plainTable, printable, wrapped } from '../common/printable';
import { fitted } from '../common/terminal';
import { hints } from '../input/hints';
import type { AccountsFound } from './compareAccounts';

/** The result of `npm start`, in lines of at most `width` characters; paths may be longer. */
export function summary(
  found: AccountsFound & { readonly tally: Tally; readonly seconds: number },
  width: number,
): string {
  const { tally, seconds, problems, rowsStored, telemetryItems, files, example, isGenerated } = found;
  const onPurpose = isGenerated ? ' (generated on purpose)' : '';
  const rate = `${counted(tally.received, 'record')} in ${seconds.toFixed(1)} s: ${number(tally.received / seconds)} records a second, on this machine, emulators included.`;
  const end =
    problems.length === 0
      ? `Everything is accounted for: ${counted(rowsStored, 'row')} stored, each exactly once. The metrics show the same counts as the batches' log lines (${counted(telemetryItems, 'telemetry item')} compared).`
      : ['Something is wrong:', ...problems.map((problem) => `  - ${problem}`)].join('\n');
  return [
    ...(example === undefined ? [] : [beforeAndAfter(isGenerated, example.record, example.row, width)]),
    booksTable(tally, width),
    ...listed(`Not in the mapping's lists${onPurpose}:`, tally.newInSchema),
    ...listed(`Values that cannot be read, by column${onPurpose}:`, tally.unreadableByColumn),
    ...listed('Counted by rules, and not dropped:', tally.countedByRule),
    ...listed('Errors in rules, whose records they do not drop:', tally.ruleErrorsByRule),
    fitted(rate, width),
    ...files.map(({ name, holds }) => `${name}\n${fitted(`  ${holds}`, width)}`),
    ...hints(tally).map((hint) => fitted(hint, width)),
    fitted(end, width),
  ].join('\n\n');
}

const stateNotes: Readonly<Record<State, readonly [note: string, shortName: string]>> = {
  sent: ['rows accepted', 'sent'],
  skipped: ['not a network session', 'skipped'],
  dropped: ['by a rule of yours', 'dropped'],
  merged: ['part of another row', 'merged'],
  duplicates: ['the same event came before', 'duplicate'],
  deadLettered: ['written to the dead-letter hub with a reason', 'dead-lettered'],
};

/** No record reaches these states unless a setting asks for it. */
const onlyWhenUsed: ReadonlySet<State> = new Set(['dropped', 'merged']);

/** The books as a table whose lines add up to the records received. */
export function booksTable(tally: Tally, width: number): string {
  const table = new Table({
    head: ['records', '', ''],
    colAligns: ['left', 'right', 'left'],
    style: { head: [], border: [] },
  });
  const counts = [tally.received, ...states.map((state) => tally[state])].map((count) => number(count).length);
  // The first column is as wide as its longest name; each column has a border and two spaces.
  const rest = width - 'deadLettered'.length - Math.max(...counts) - 10;
  table.push(['received', number(tally.received), `in ${counted(tally.messages, 'message')}`]);
  const names: Partial<Record<State, Readonly<Record<string, number>>>> = {
    skipped: tally.skippedByTable,
    dropped: tally.droppedByRule,
    deadLettered: tally.deadLetteredByReason,
  };
  for (const state of states) {
    if (tally[state] === 0 && onlyWhenUsed.has(state)) continue;
    const notes = [stateNotes[state][0], ...mostOf(names[state] ?? {})];
    const text = notes.map((note) => (note.length <= rest ? note : wrapped(note, rest))).join('\n');
    table.push([state, number(tally[state]), text]);
  }
  return table.toString();
}

/** The books of one batch on a line: every state that is not zero, so that they add up. */
export function booksLine(tally: Tally): string {
  const became = states.filter((state) => tally[state] > 0);
  const counts = became.map((state) => `${number(tally[state])} ${stateNotes[state][1]}`);
  const came = `${counted(tally.messages, 'message')}: ${counted(tally.received, 'record')}`;
  return [came, ...counts].join(', ');
}

const shownNames = 6;

type Counts = Readonly<Record<string, number>>;

/** The largest counts, a line for each. */
function mostOf(counts: Counts, line = (name: string, count: number) => `${number(count)} ${name}`): string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const lines = entries.slice(0, shownNames).map(([name, count]) => `  ${line(printable(name, 140), count)}`);
  return entries.length > shownNames ? [...lines, `  and ${entries.length - shownNames} more`] : lines;
}

/** `column NetworkInterfaceLabel: 2 records` */
function listed(title: string, counts: Counts): string[] {
  const lines = mostOf(counts, (name, count) => `${name}: ${counted(count, 'record')}`);
  return lines.length === 0 ? [] : [[title, ...lines].join('\n')];
}

const before = {
  generated: 'A generated record, as Defender would send it',
  sent: 'A record as it was sent',
};
const after = 'Its row in NetworkSessions';
/** The width of each half when record and row stand side by side. */
const columnWidth = { least: 50, most: 60 };

/** One record before and after, side by side where the terminal is wide enough. */
function beforeAndAfter(isGenerated: boolean, record: Json, row: Json, width: number): string {
  const title = isGenerated ? before.generated : before.sent;
  const column = Math.min(columnWidth.most, Math.floor((width - 7) / 2));
  if (column < columnWidth.least) return [...block(title, record, width), '', ...block(after, row, width)].join('\n');
  // One table row per line: cli-table3 takes seconds to draw a cell of fifty lines.
  const table = new Table(plainTable);
  const underline = '─'.repeat(column);
  table.push([title, after], [underline, underline]);
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
