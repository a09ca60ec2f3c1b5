import type { AddressRange } from './values/addressRange';
import type { UrlRedaction } from './values/redactUrl';

/** How much of a record AdditionalFields keeps. */
export const additionalFieldsLevels = ['full', 'process', 'minimal'] as const;
export type AdditionalFieldsLevel = (typeof additionalFieldsLevels)[number];

/** Which levels keep a field: each also keeps what a lower one does. */
export const keptAt = {
  always: ['full', 'process', 'minimal'],
  process: ['full', 'process'],
  full: ['full'],
} as const satisfies Record<string, readonly AdditionalFieldsLevel[]>;

/** The settings that change a row. */
export interface TransformSettings {
  readonly additionalFields: AdditionalFieldsLevel;
  readonly urlRedaction: UrlRedaction;
  /** Addresses of forward proxies. */
  readonly proxies: readonly AddressRange[];
  /** Columns, action types and envelope fields that are not reported as new; in lower case. */
  readonly knownNews: ReadonlySet<string>;
}

export const defaultTransformSettings: TransformSettings = {
  additionalFields: 'full',
  urlRedaction: 'credentials',
  proxies: [],
  knownNews: new Set(),
};
