import Table from 'cli-table3';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { messageOf } from '../../shared/errors/messageOf';
import { groupBy } from '../../shared/groupBy';
import { keysOf } from '../../shared/keysOf';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { plainTable, printable, wrapped } from '../common/printable';
import { fitted } from '../common/terminal';
import {
  type AbsentColumn,
  absences,
  type Explained,
  type ExplainedRow,
  explain,
  type FilledColumn,
  type Source,
} from './explain';

/** Tables for a person at a terminal, `width` characters wide; or one line per column, however long, for files and pipes. */
export type Drawing = { readonly kind: 'tables'; readonly width: number } | { readonly kind: 'lines' };

/**
 * Explains to a person why a record became a row, was skipped or became a dead letter. `name` identifies the record; `note` is what
 * else there is to say of its row.
 */
export function explanation(
  name: string,
  part: DefenderRecord | Unreadable,
  settings: TransformSettings,
  drawing: Drawing,
  notes: readonly string[] = [],
): string {
  const line = (text: string): string => `${onLine(text, drawing)}\n`;
  if (part.kind === 'unreadable') return line(`${name}: dead letter, ${part.reason}. ${part.error}`);
  const title = `${name}: ${printable(part.table, 60)}`;
  const explained = explainedOf(part, settings);
  if (explained.kind === 'dead') return line(`${title}: dead letter, ${explained.reason}. ${explained.error}`);
  if (explained.kind === 'skipped')
    return line(`${title}: skipped as ${printable(explained.key, 120)}: ${explained.why}.`);
  const { filled, absent } = explained;
  return [
    onLine(`${title} / ${printable(explained.actionType ?? '(no action type)', 80)}`, drawing),
    onLine(ends(explained), drawing),
    ...notes.map((note) => onLine(note, drawing)),
    ...(drawing.kind === 'lines'
      ? [...filled.map(filledLine), ...absent.map(absentLine)]
      : [filledTable(filled, drawing.width), absentTable(absent, drawing.width)]),
    '',
  ].join('\n');
}

/** Breaks the text to the width if the output is a terminal. */
function onLine(text: string, drawing: Drawing): string {
  return drawing.kind === 'lines' ? text.replaceAll('\n', ' ') : fitted(text, drawing.width);
}

/** `DstPortNumber = 443  <- orientation=Local to Remote (action), RemotePort=443 (port of the destination end)` */
function filledLine({ column, value, from, rule }: FilledColumn): string {
  const why = [sourceTexts(from).join(', '), `(${plain(rule)})`].filter((part) => part !== '');
  return `${column} = ${printable(value, 120)}  <- ${why.join(' ')}`;
}

/** `SrcZone absent  <- Defender has no source (IP types and machine groups are not network zones)` */
function absentLine({ column, cause, detail }: AbsentColumn): string {
  return `${column} absent  <- ${absences[cause]} (${plain(detail)})`;
}

/** A rule or reason of the mapping without its markdown. */
export function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

/** Like the pipeline: a bug in the mapping affects this record only. */
export function explainedOf(record: DefenderRecord, settings: TransformSettings): Explained {
  try {
    return explain(record, settings);
  } catch (error) {
    return { kind: 'dead', reason: 'InternalError', error: messageOf(error) };
  }
}

/** Which end is which, and why. */
export function ends({ orientation: { src, dst, device, direction, basis, from } }: ExplainedRow): string {
  const parts = [`Src is ${src ?? 'absent'}`, `Dst is ${dst ?? 'absent'}`, `the device is ${device ?? 'unknown'}`];
  return `${parts.join(', ')}; direction ${direction ?? 'absent'}; decided by: ${basis} (${sourceTexts(from).join(', ')})`;
}

function filledTable(filled: readonly FilledColumn[], width: number): string {
  const rows = filled.map(({ column, value, from, rule }) => [
    column,
    printable(value, 120),
    sourceTexts(from).join('\n'),
    plain(rule),
  ]);
  return drawn(['column', 'value', 'from', 'rule'], rows, [0.3, 0.35, 0.35], width);
}

const shownSources = 6;

function sourceTexts(from: readonly Source[]): string[] {
  const shown = from.slice(0, shownSources).map(({ name, value }) => `${name}=${printable(value, 60)}`);
  const more = from.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])];
}

/** One line for all columns that are absent for one reason. */
function absentTable(absent: readonly AbsentColumn[], width: number): string {
  const rows = keysOf(absences).flatMap((cause) => {
    const group = absent.filter((one) => one.cause === cause);
    return [...groupBy(group, ({ detail }) => detail)].map(([detail, columns], i) => [
      i === 0 ? absences[cause] : '',
      columns.map(({ column }) => column).join(', '),
      plain(detail),
    ]);
  });
  return drawn(['absent because', 'columns', 'more precisely'], rows, [0.5, 0.5], width);
}

const firstWidth = 24;

/** A table whose first column has a fixed width; the others share the rest of the line. Never coloured. */
function drawn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  shares: readonly number[],
  width: number,
): string {
  const borders = 3 * head.length + 1;
  const rest = Math.max(width, 80) - borders - firstWidth;
  const widths = [firstWidth, ...shares.map((share) => Math.floor(rest * share))];
  const table = new Table(plainTable);
  const underline = widths.map((columnWidth) => '\u2500'.repeat(columnWidth));
  for (const row of [head, underline, ...rows]) {
    table.push(row.map((cell, i) => wrapped(cell, widths[i] ?? firstWidth)));
  }
  return table.toString();
}
