import type { NetworkEvent } from './event';
import { fitText, toText } from './values/text';

/** A column filled from Defender's record. */
export interface Filled<V> {
  readonly kind: 'filled';
  /** The source fields: columns of the record, `AdditionalFields.<key>`, `envelope.<key>`; none for a constant. */
  readonly from: readonly string[];
  /** How the value is made, in words, for docs/mapping.md. */
  readonly rule: string;
  /** Pure. Undefined leaves the column out of the row. */
  readonly value: (event: NetworkEvent) => V | undefined;
}

/** A column that no field from Defender can fill. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

/** A column that Log Analytics fills; the service rejects rows that contain it. */
export interface Platform {
  readonly kind: 'platform';
  readonly reason: string;
}

export function filled<V>(
  from: readonly string[],
  rule: string,
  value: (event: NetworkEvent) => V | undefined,
): Filled<V> {
  return { kind: 'filled', from, rule, value };
}

/** Like {@link filled}, for free text: well-formed, within the service's limit for a field, and absent when empty. */
export function text(
  from: readonly string[],
  rule: string,
  value: (event: NetworkEvent) => string | undefined,
): Filled<string> {
  return filled(from, rule, (event) => toColumnText(value(event)));
}

/** What a column of free text holds. */
export function toColumnText(value: string | undefined): string | undefined {
  // A part can be empty although the whole was not: the host of `https://-/`, what redaction leaves of `user@`.
  const found = toText(value);
  return found === undefined ? undefined : fitText(found);
}

export function constant<const V>(value: V): Filled<V> {
  return { kind: 'filled', from: [], rule: `always \`${String(value)}\``, value: () => value };
}

export function unavailable(reason: string): Unavailable {
  return { kind: 'unavailable', reason };
}

export function platform(reason: string): Platform {
  return { kind: 'platform', reason };
}
