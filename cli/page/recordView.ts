import type { Message } from '../../shared/batch';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { readMessage } from '../../shared/defender/readMessage';
import { groupBy } from '../../shared/groupBy';
import { isObject, parseJson, stringifyJson } from '../../shared/json';
import { keysOf } from '../../shared/keysOf';
import type { Row } from '../../shared/sessions/row';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { type DryBatch, notesOn, sharedRows } from '../map/dryRun';
import { absences, type Explained, type ExplainedRow, type Source } from '../map/explain';
import { ends, explainedOf, plain } from '../map/explanation';
import { clipped, fieldsOf, indented, mostOfValue, type RecordField, textOfPart } from './recordFields';
import { type RowSummary, summaryOfRow } from './storedRows';

export type Outcome = 'row' | 'merged' | 'duplicate' | 'dropped' | 'skipped' | 'dead letter';

/** A record in a list. */
export interface RecordLine {
  /** `hub or file/partition/sequence number or line/record index` */
  readonly position: string;
  readonly table: string;
  readonly outcome: Outcome;
  /** Why it is no row of its own; empty for a row. */
  readonly why: string;
  /** Of its row. */
  readonly summary: Omit<RowSummary, 'id'> | undefined;
}

export interface ColumnView {
  readonly column: string;
  readonly value: string;
  readonly from: readonly RecordField[];
  readonly rule: string;
}

/** A record beside its row, and why each column is what it is. */
export interface RecordView extends RecordLine {
  readonly fields: readonly RecordField[];
  readonly recordText: string;
  /** Empty if no row was made of it. */
  readonly rowText: string;
  /** Which end is the source, and what decided that. */
  readonly ends: string;
  readonly notes: readonly string[];
  readonly columns: readonly ColumnView[];
  readonly absent: readonly { readonly cause: string; readonly detail: string; readonly columns: readonly string[] }[];
}

/** What became of the records of one batch. */
export class RecordViews {
  readonly #rows = new Map<string, { readonly row: Row; readonly isFirst: boolean }>();
  readonly #letters;
  readonly #shared;

  constructor(
    private readonly batch: DryBatch,
    private readonly settings: TransformSettings,
    private readonly table: string | undefined,
  ) {
    this.#letters = new Map(batch.letters.map((letter) => [letter.id, letter]));
    this.#shared = sharedRows(batch.rows);
    for (const row of batch.rows) {
      const message = row.position.slice(0, row.position.lastIndexOf('/') + 1);
      this.#rows.set(row.position, { row, isFirst: true });
      for (const index of row.members?.slice(1) ?? []) this.#rows.set(`${message}${index}`, { row, isFirst: false });
    }
  }

  /** The records in order. */
  *lines(): Generator<RecordLine, void, undefined> {
    for (const message of this.batch.messages) {
      for (const part of readMessage(message.body, { table: this.table })) yield this.lineOf(message, part);
    }
  }

  /** Undefined for a position that the batch does not hold. */
  view(position: string): RecordView | undefined {
    const message = this.batch.messages.find((one) => position.startsWith(this.prefixOf(one)));
    if (message === undefined) return undefined;
    const parts = readMessage(message.body, { table: this.table });
    const part = parts.find(({ index }) => `${this.prefixOf(message)}${index}` === position);
    return part === undefined ? undefined : this.viewOf(message, part);
  }

  private prefixOf({ sequenceNumber }: Message): string {
    const { hub, partition } = this.batch;
    return `${hub}/${partition}/${sequenceNumber}/`;
  }

  private lineOf(message: Message, part: DefenderRecord | Unreadable): RecordLine {
    const position = `${this.prefixOf(message)}${part.index}`;
    const table = part.kind === 'record' ? part.table : '';
    const found = this.#rows.get(position);
    const line = (outcome: Outcome, why: string): RecordLine => ({
      position,
      table: clipped(table, 200),
      outcome,
      why: clipped(why, 2000),
      summary: found === undefined ? undefined : summaryOfRow(rowOf(found.row)),
    });
    const letter = this.#letters.get(position);
    if (letter !== undefined) return line('dead letter', `${letter.reason}: ${letter.error}`);
    if (found?.isFirst === true) return line('row', '');
    if (found !== undefined) return line('merged', `part of the row of ${found.row.position} (MERGE_FLOWS)`);
    const rule = this.batch.rulings.get(position)?.droppedBy;
    if (rule !== undefined) return line('dropped', `by the rule "${rule}"`);
    // What is left is none of the batch's rows: it takes longest to say why.
    const explained = this.explained(part);
    if (explained.kind === 'dead') return line('dead letter', `${explained.reason}: ${explained.error}`);
    if (explained.kind === 'skipped') return line('skipped', `${explained.key}: ${explained.why}`);
    return line('duplicate', 'the same event came before: its EventUid is equal');
  }

  private viewOf(message: Message, part: DefenderRecord | Unreadable): RecordView {
    const explained = this.explained(part);
    const line = this.lineOf(message, part);
    const row = this.#rows.get(line.position)?.row;
    const body = message.body instanceof Uint8Array ? message.body : Buffer.alloc(0);
    return {
      ...line,
      fields: part.kind === 'record' ? fieldsOf(part) : [],
      recordText: textOfPart(part, body),
      rowText: row === undefined ? '' : indented(row.text),
      notes: notesOn(this.batch, this.#shared, message, part.index),
      ...(explained.kind === 'row' ? reasons(explained) : { ends: '', columns: [], absent: [] }),
    };
  }

  private explained(part: DefenderRecord | Unreadable): Explained {
    if (part.kind === 'record') return explainedOf(part, this.settings);
    return { kind: 'dead', reason: part.reason, error: part.error };
  }
}

function rowOf({ text }: Row) {
  const row = parseJson(text);
  return isObject(row) ? row : {};
}

function reasons(row: ExplainedRow): Pick<RecordView, 'ends' | 'columns' | 'absent'> {
  const columns = row.filled.map(({ column, value, from, rule }) => ({
    column,
    value: textOf(value),
    from: from.map(fieldOf),
    rule: plain(rule),
  }));
  const absent = keysOf(absences).flatMap((cause) => {
    const alike = row.absent.filter((one) => one.cause === cause);
    return [...groupBy(alike, ({ detail }) => detail)].map(([detail, group]) => ({
      cause: absences[cause],
      detail: plain(detail),
      columns: group.map(({ column }) => column),
    }));
  });
  return { ends: ends(row), columns, absent };
}

function fieldOf({ name, value }: Source): RecordField {
  return { name, value: textOf(value) };
}

function textOf(value: unknown): string {
  const text = typeof value === 'object' && value !== null ? stringifyJson(value) : String(value);
  return clipped(text, mostOfValue);
}
