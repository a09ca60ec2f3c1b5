import type { DefenderRecord, Unreadable } from './defender/messageParts';
import type { Saving } from './savings';
import { bytesAlone, maxChunkBytes } from './sessions/chunks';
import type { Row } from './sessions/row';
import { savedInRow } from './transform/columnSavings';
import type { Plans } from './transform/plans';
import type { RowRules, Ruling } from './transform/ruling';
import { slimRow } from './transform/slimRow';
import { type MappedRow, transformToText } from './transform/transform';
import type { TransformSettings } from './transform/transformSettings';

/** Why a record is dead-lettered. */
export interface Why {
  readonly reason: string;
  readonly step: string;
  readonly error: string;
}

/** A record that becomes a dead letter. */
export interface Dead {
  readonly part: DefenderRecord | Unreadable;
  readonly why: Why;
}

/** What becomes of a part of a message. */
export type Fate = Partial<Pick<MappedRow, 'news' | 'unreadable'>> & { readonly ruling?: Ruling | undefined } & (
    | ({ readonly kind: 'row' } & Pick<MappedRow, 'text' | 'uid' | 'time' | 'flow'> & Pick<Row, 'saved'>)
    | { readonly kind: 'skipped'; readonly key: string }
    | ({ readonly kind: 'dropped'; readonly rule: string } & Pick<Row, 'uid' | 'saved'>)
    | ({ readonly kind: 'dead' } & Dead)
  );

const notRuled: Partial<Ruling> = {};

interface FateOptions {
  readonly plans: Plans;
  readonly rules: RowRules | undefined;
  /** One row of how many is measured (`savedInRow`). */
  readonly measuredOneIn: number;
}

export function fateOf(
  part: DefenderRecord,
  settings: TransformSettings,
  { plans, rules, measuredOneIn }: FateOptions,
): Fate {
  try {
    const transformed = transformToText(part, settings, plans, rules);
    if (transformed.kind === 'dead') return { kind: 'dead', part, why: { ...transformed, step: 'transform' } };
    if (transformed.kind === 'skipped') return transformed;
    const { uid, time, flow, news, unreadable, ruling } = transformed;
    const { droppedBy } = ruling ?? notRuled;
    const text = fitted(transformed.text);
    if (droppedBy === undefined && !fitsIntoCall(text)) return tooLarge(part, text, transformed);
    const saved = savedInRow(part, { text, uid }, settings, measuredOneIn);
    // Member by member: for every row, a spread takes a tenth of the time of the whole transform.
    if (droppedBy === undefined) return { kind: 'row', text, uid, time, flow, news, unreadable, ruling, saved };
    const bytes = Buffer.byteLength(text);
    const row: Saving = { lever: 'DROP_RULES_FILE', name: droppedBy, rows: 1, bytes };
    return { kind: 'dropped', rule: droppedBy, uid, news, unreadable, ruling, saved: [...saved, row] };
  } catch (error) {
    // A bug of this app must not stop the partition: only this record is dead-lettered.
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'dead', part, why: { reason: 'InternalError', step: 'transform', error: stack } };
  }
}

function tooLarge(part: DefenderRecord, text: string, { news, unreadable, ruling }: MappedRow): Fate {
  const error = `The row takes ${bytesAlone(text)} bytes; one call takes at most ${maxChunkBytes}.`;
  return { kind: 'dead', part, why: { reason: 'RowTooLarge', step: 'chunks', error }, news, unreadable, ruling };
}

/** The row, shortened if it does not fit into a call. */
export function fitted(row: string): string {
  return fitsIntoCall(row) ? row : slimRow(row, maxChunkBytes - 2);
}

function fitsIntoCall(row: string): boolean {
  // A UTF-16 unit takes at most three bytes, so most rows need no exact measurement.
  return row.length * 3 + 2 <= maxChunkBytes || bytesAlone(row) <= maxChunkBytes;
}

export function deadOf(part: Unreadable): Fate {
  const { reason, error } = part;
  return { kind: 'dead', part, why: { reason, step: 'envelope', error } };
}
