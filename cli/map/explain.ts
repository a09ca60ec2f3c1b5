import type { DefenderRecord } from '../../shared/defender/messageParts';
import type { Json } from '../../shared/json';
import { keysOf } from '../../shared/keysOf';
import type { Column } from '../../shared/sessions/row';
import { isMapped, type MappedTable } from '../../shared/transform/actions';
import { NetworkEvent } from '../../shared/transform/event';
import { mapping } from '../../shared/transform/mapping';
import { type Orientated, orientate } from '../../shared/transform/orientation';
import { transform } from '../../shared/transform/transform';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { whySkipped } from './skipped';

/** What became of a record, and why. */
export type Explained =
  | ExplainedRow
  | { readonly kind: 'skipped'; readonly key: string; readonly why: string }
  | { readonly kind: 'dead'; readonly reason: string; readonly error: string };

export interface ExplainedRow {
  readonly kind: 'row';
  readonly actionType: string | undefined;
  /** Which end is which, and the sources that were read for it and are not empty. */
  readonly orientation: Orientated & { readonly from: readonly Source[] };
  readonly filled: readonly FilledColumn[];
  readonly absent: readonly AbsentColumn[];
}

export interface FilledColumn {
  readonly column: Column;
  readonly value: unknown;
  /** The sources that were read and are not empty. */
  readonly from: readonly Source[];
  readonly rule: string;
}

export interface Source {
  readonly name: string;
  readonly value: Json;
}

export interface AbsentColumn {
  readonly column: Column;
  readonly cause: Absence;
  /** The empty sources, the rule that gave no value, or the reason. */
  readonly detail: string;
}

/** Why a column is not in the row; printed as groups in this order. */
export const absences = {
  empty: 'The source is empty',
  rule: 'The rule gives nothing',
  omitted: 'Left out by a setting',
  unavailable: 'Defender has no source',
  platform: 'Set by the platform',
} as const;
export type Absence = keyof typeof absences;

/**
 * Does what {@link transform} does, with the reasons. Each column gets an event of its own, so that all of its reads are
 * seen.
 */
export function explain(record: DefenderRecord, settings: TransformSettings): Explained {
  const result = transform(record, settings);
  if (result.kind === 'dead') return result;
  if (result.kind === 'skipped') return { ...result, why: whySkipped(result.key) };
  const { table } = record;
  if (!isMapped(table)) return { kind: 'skipped', key: table, why: whySkipped(table) };
  const event = new NetworkEvent(record, table, settings);
  const filled: FilledColumn[] = [];
  const absent: AbsentColumn[] = [];
  const omitted: ReadonlySet<string> = settings.omittedColumns;
  for (const column of keysOf(mapping)) {
    const entry = mapping[column];
    if (entry.kind !== 'filled') {
      absent.push({ column, cause: entry.kind, detail: entry.reason });
      continue;
    }
    if (omitted.has(column)) {
      absent.push({ column, cause: 'omitted', detail: 'KEEP_COLUMNS or OMIT_COLUMNS' });
      continue;
    }
    const { value, sources } = reading<unknown>(entry.value, record, table, settings);
    if (value === undefined) absent.push({ column, ...whyAbsent(sources, entry.rule) });
    else filled.push({ column, value, from: sources.filter(holdsSomething), rule: entry.rule });
  }
  const { value: orientation, sources } = reading(orientate, record, table, settings);
  const from = sources.filter(holdsSomething);
  return { kind: 'row', actionType: event.actionType, orientation: { ...orientation, from }, filled, absent };
}

type ReadSource = Partial<Source> & Pick<Source, 'name'>;

/** What a function makes of a record, and the sources that it reads for it. */
function reading<T>(
  read: (event: NetworkEvent) => T,
  record: DefenderRecord,
  table: MappedTable,
  settings: TransformSettings,
): { value: T; sources: ReadSource[] } {
  const sources = new Map<string, ReadSource>();
  const event = new NetworkEvent(record, table, settings, (name, value) => {
    sources.set(name, value === undefined ? { name } : { name, value });
  });
  const value = read(event);
  return { value, sources: [...sources.values()] };
}

function holdsSomething(source: ReadSource): source is Source {
  return source.value !== undefined && source.value !== null && source.value !== '' && source.value !== '-';
}

/** These decide whether a rule applies; the value comes from another source. */
const deciding = new Set(['orientation', 'ActionType']);

function whyAbsent(sources: readonly ReadSource[], rule: string): Pick<AbsentColumn, 'cause' | 'detail'> {
  const empty = sources.filter((source) => !holdsSomething(source)).map(({ name }) => name);
  const usable = sources.filter((source) => holdsSomething(source) && !deciding.has(source.name));
  if (empty.length > 0 && usable.length === 0) return { cause: 'empty', detail: empty.join(', ') };
  return { cause: 'rule', detail: rule };
}
