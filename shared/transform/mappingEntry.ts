import type { NetworkEvent } from './event';
import { fitText, toText } from './values/text';

/** A column that Defender's record fills. */
export interface Filled<V> {
  readonly kind: 'filled';
  /** The source fields that decide the value: columns of the record, `AdditionalFields.<key>`, `envelope.<key>`; none for a constant. */
  readonly from: readonly string[];
  /** How the value is made, for the reference. */
  readonly rule: string;
  /** Pure; undefined leaves the column out of the row. */
  readonly value: (event: NetworkEvent) => V | undefined;
}

/** A column that no field of Defender can fill. */
export interface Unavailable {
  readonly kind: 'unavailable';
  readonly reason: string;
}

/** A column that the Log Analytics platform fills; sending it is refused. */
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

/** As {@link filled}, for free text: well-formed, within the service's limit for a field, and absent when it says nothing. */
export function text(
  from: readonly string[],
  rule: string,
  value: (event: NetworkEvent) => string | undefined,
): Filled<string> {
  return filled(from, rule, (event) => {
    // Parts of a text may say nothing where the whole did: the host of `https://-/`, what redaction leaves of `user@`.
    const found = toText(value(event));
    return found === undefined ? undefined : fitText(found);
  });
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
