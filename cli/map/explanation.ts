import Table from 'cli-table3';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { groupBy } from '../../shared/groupBy';
import { keysOf } from '../../shared/keysOf';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { plainTable, printable, wrapped } from '../common/printable';
import { fitted } from '../common/terminal';
import { type AbsentColumn, absences, type Explained, type ExplainedRow, explain, type Source } from './explain';

/** How a table is drawn. */
export interface Drawing {
  /** Of a line, in characters. */
  readonly width: number;
  /** Plain ASCII, for files and pipes. */
  readonly ascii: boolean;
}

/** Explains to a person why a record became a row, was skipped or became a dead letter. `name` identifies the record. */
export function explanation(
  name: string,
  part: DefenderRecord | Unreadable,
  settings: TransformSettings,
  drawing: Drawing,
): string {
  const line = (text: string): string => `${fitted(text, drawing.width)}\n`;
  if (part.kind === 'unreadable') return line(`${name}: dead letter, ${part.reason}. ${part.error}`);
  const title = `${name}: ${printable(part.table, 60)}`;
  const explained = explainedOf(part, settings);
  if (explained.kind === 'dead') return line(`${title}: dead letter, ${explained.reason}. ${explained.error}`);
  if (explained.kind === 'skipped')
    return line(`${title}: skipped as ${printable(explained.key, 120)}: ${explained.why}.`);
  return [
    fitted(`${title} / ${printable(explained.actionType ?? '(no action type)', 80)}`, drawing.width),
    fitted(ends(explained), drawing.width),
    filledTable(explained, drawing),
    absentTable(explained.absent, drawing),
    '',
  ].join('\n');
}

/** Like the pipeline: a bug in the mapping affects this record only. */
function explainedOf(record: DefenderRecord, settings: TransformSettings): Explained {
  try {
    return explain(record, settings);
  } catch (error) {
    return { kind: 'dead', reason: 'InternalError', error: error instanceof Error ? error.message : String(error) };
  }
}

function ends({ orientation: { src, dst, device, direction, basis } }: ExplainedRow): string {
  const parts = [`Src is ${src ?? 'absent'}`, `Dst is ${dst ?? 'absent'}`, `the device is ${device ?? 'unknown'}`];
  return `${parts.join(', ')}; direction ${direction ?? 'absent'}; decided by: ${basis}`;
}

function filledTable({ filled }: ExplainedRow, drawing: Drawing): string {
  const rows = filled.map(({ column, value, from, rule }) => [
    column,
    printable(value, 120),
    sources(from),
    rule.replaceAll('`', ''),
  ]);
  return drawn(['column', 'value', 'from', 'rule'], rows, [0.3, 0.35, 0.35], drawing);
}

const shownSources = 6;

function sources(from: readonly Source[]): string {
  const shown = from.slice(0, shownSources).map(({ name, value }) => `${name}=${printable(value, 60)}`);
  const more = from.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

/** One line for all columns that are absent for one reason. */
function absentTable(absent: readonly AbsentColumn[], drawing: Drawing): string {
  const rows = keysOf(absences).flatMap((cause) => {
    const group = absent.filter((one) => one.cause === cause);
    return [...groupBy(group, ({ detail }) => detail)].map(([detail, columns], i) => [
      i === 0 ? absences[cause] : '',
      columns.map(({ column }) => column).join(', '),
      detail.replaceAll('`', ''),
    ]);
  });
  return drawn(['absent because', 'columns', 'more precisely'], rows, [0.5, 0.5], drawing);
}

const firstWidth = 24;
const asciiLines = {
  top: '-',
  'top-mid': '+',
  'top-left': '+',
  'top-right': '+',
  bottom: '-',
  'bottom-mid': '+',
  'bottom-left': '+',
  'bottom-right': '+',
  left: '|',
  right: '|',
  middle: '|',
};

/** A table whose first column has a fixed width; the others share the rest of the line. Never coloured. */
function drawn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  shares: readonly number[],
  { width, ascii }: Drawing,
): string {
  const borders = 3 * head.length + 1;
  const rest = Math.max(width, 80) - borders - firstWidth;
  const widths = [firstWidth, ...shares.map((share) => Math.floor(rest * share))];
  const table = new Table({ ...plainTable, chars: { ...(ascii ? asciiLines : {}), ...plainTable.chars } });
  const underline = widths.map((columnWidth) => (ascii ? '-' : '\u2500').repeat(columnWidth));
  for (const row of [head, underline, ...rows]) {
    table.push(row.map((cell, i) => wrapped(cell, widths[i] ?? firstWidth)));
  }
  return table.toString();
}
