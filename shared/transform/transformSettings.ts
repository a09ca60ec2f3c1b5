import type { WritableColumn } from '../sessions/row';
import type { AddressRange } from './values/addressRange';
import type { UrlRedaction } from './values/redactUrl';

/** How much of a record AdditionalFields keeps. `lean` is `full` without what a column of the row holds. */
export const additionalFieldsLevels = ['full', 'lean', 'process', 'minimal'] as const;
export type AdditionalFieldsLevel = (typeof additionalFieldsLevels)[number];

/** Which levels keep a field. */
export const keptAt = {
  always: ['full', 'lean', 'process', 'minimal'],
  process: ['full', 'lean', 'process'],
  full: ['full', 'lean'],
} as const satisfies Record<string, readonly AdditionalFieldsLevel[]>;

/** Whether identical connections of one message share a row. */
export const flowMerging = ['off', 'message'] as const;
export type FlowMerging = (typeof flowMerging)[number];

/** The settings that change a row. */
export interface TransformSettings {
  readonly additionalFields: AdditionalFieldsLevel;
  /** Columns that no row has. */
  readonly omittedColumns: ReadonlySet<WritableColumn>;
  /** The setting that leaves them out. */
  readonly columnsBy: 'KEEP_COLUMNS' | 'OMIT_COLUMNS';
  /** Keys that AdditionalFields never has; `InitiatingProcess.SHA1` is the key SHA1 inside InitiatingProcess. */
  readonly omittedFields: ReadonlySet<string>;
  readonly urlRedaction: UrlRedaction;
  readonly mergeFlows: FlowMerging;
  /** Addresses of forward proxies. */
  readonly proxies: readonly AddressRange[];
  /** Columns, action types and envelope fields that are not reported as new; in lower case. */
  readonly knownNews: ReadonlySet<string>;
}

export const defaultTransformSettings: TransformSettings = {
  additionalFields: 'full',
  omittedColumns: new Set(),
  columnsBy: 'OMIT_COLUMNS',
  omittedFields: new Set(),
  urlRedaction: 'credentials',
  mergeFlows: 'off',
  proxies: [],
  knownNews: new Set(),
};

/** What follows from the settings alone: worked out once. */
export function perSettings<T>(make: (settings: TransformSettings) => T): (settings: TransformSettings) => T {
  const known = new WeakMap<TransformSettings, { readonly settings: TransformSettings; readonly value: T }>();
  let last: { readonly settings: TransformSettings; readonly value: T } | undefined;
  return (settings) => {
    if (last?.settings === settings) return last.value;
    last = known.get(settings) ?? { settings, value: make(settings) };
    known.set(settings, last);
    return last.value;
  };
}
