import { legacyColumns } from '../defender/defenderTables';
import type { DefenderRecord } from '../defender/messageParts';
import type { Json, JsonObject } from '../json';
import { type ActionType, actionOf, type FoundAction, type MappedTable } from './actions';
import { type AnyCaseKey, findSpelt, type SecondSource, type Spelt, saysNothing, speltKeys } from './secondSources';
import type { TransformSettings } from './transformSettings';
import { type Endpoint, toEndpoint } from './values/address';
import { toPort } from './values/numbers';
import { redactObject } from './values/redactJson';
import { toText } from './values/text';
import { type Moment, toMoment } from './values/time';
import { type Unwrapped, unwrap } from './values/unwrap';

/** The two ends of a session as Defender names them. */
export type End = 'Local' | 'Remote';

/**
 * Called with each source that is read and its value: `RemoteIP`, `AdditionalFields.direction`, `envelope.time`, or
 * `orientation`, whose value is that conclusion in words.
 */
export type OnRead = (source: string, value: Json | undefined) => void;

const oldNames: ReadonlyMap<string, string> = new Map(
  Object.entries(legacyColumns).map(([old, modern]) => [modern, old]),
);

/** Not put together at each read: V8 looks up each text that is made. */
const addressColumns = { Local: 'LocalIP', Remote: 'RemoteIP' } as const;
const portColumns = { Local: 'LocalPort', Remote: 'RemotePort' } as const;

/** Reads the fields of one record, and reports each read. Pure; expensive values are computed once, when first needed. */
export class RecordReader {
  readonly #actionType: string | undefined;
  readonly #action: FoundAction;

  constructor(
    readonly record: DefenderRecord,
    readonly table: MappedTable,
    readonly settings: TransformSettings,
    protected readonly onRead?: OnRead,
  ) {
    this.#actionType = toText(record.properties['ActionType']);
    this.#action = actionOf(table, this.#actionType);
  }

  /** A reader of the same record whose reads are not reported. */
  get unobserved(): RecordReader {
    return this.onRead === undefined ? this : new RecordReader(this.record, this.table, this.settings);
  }

  /** The ActionType as sent; undefined when there is none. */
  get actionType(): string | undefined {
    this.onRead?.('ActionType', this.#actionType);
    return this.#actionType;
  }

  get action(): FoundAction {
    this.onRead?.('ActionType', this.#actionType);
    return this.#action;
  }

  is(name: ActionType): boolean {
    return this.action.name === name;
  }

  /** A column of the record as sent, by its modern name. */
  field(name: string): Json | undefined {
    const value = this.column(name);
    this.onRead?.(name, value);
    return value;
  }

  private column(name: string): Json | undefined {
    const { properties } = this.record;
    const value = properties[name];
    if (value !== undefined && value !== null) return value;
    const old = oldNames.get(name);
    return old === undefined ? value : (properties[old] ?? value);
  }

  /** The values of the record's columns, in their order. */
  get values(): readonly Json[] {
    this.#values ??= Object.values(this.record.properties);
    return this.#values;
  }
  #values: readonly Json[] | undefined;

  text(name: string): string | undefined {
    return toText(this.field(name));
  }

  /** A column as sent or, if that is empty, the same fact from Defender's own AdditionalFields. */
  fact(name: SecondSource): Json | undefined {
    const sent = this.field(name);
    if (isTextOrNumber(sent) && !saysNothing(sent)) return sent;
    // Zeek's `uri` is the path of a request.
    if (name === 'RemoteUrl' && this.isZeek) return sent;
    return this.spelt(name) ?? sent;
  }

  /** A key of Defender's own AdditionalFields in any case; undefined if it is missing or empty. */
  spelt(key: AnyCaseKey): Json | undefined {
    this.#spelt ??= speltKeys(this.details);
    const value = findSpelt(this.#spelt, key);
    if (this.onRead !== undefined) this.onRead(`AdditionalFields.${key}`, value);
    return value;
  }
  #spelt: Spelt | undefined;

  /** A key of Defender's own AdditionalFields as sent. */
  detail(key: string): Json | undefined {
    const value = Object.hasOwn(this.details, key) ? this.details[key] : undefined;
    if (this.onRead !== undefined) this.onRead(`AdditionalFields.${key}`, value);
    return value;
  }

  detailText(key: string): string | undefined {
    return toText(this.detail(key));
  }

  /** A field of the record's envelope as sent. */
  envelope(name: 'tenantId' | 'time' | 'received'): Json | undefined {
    const value = this.record[name];
    if (this.onRead !== undefined) this.onRead(`envelope.${name === 'received' ? '_TimeReceivedBySvc' : name}`, value);
    return value;
  }

  /** Defender's AdditionalFields with URLs redacted; empty if they are no object. */
  get details(): JsonObject {
    this.#details ??= redactObject(this.unwrapped.members, this.settings.urlRedaction);
    return this.#details;
  }
  #details: JsonObject | undefined;

  /** Defender's AdditionalFields, parsed. */
  get unwrapped(): Unwrapped {
    this.#unwrapped ??= unwrap(this.record.properties['AdditionalFields']);
    return this.#unwrapped;
  }
  #unwrapped: Unwrapped | undefined;

  get timestamp(): Moment | undefined {
    const sent = this.field('Timestamp');
    this.#timestamp ??= { moment: toMoment(sent) };
    return this.#timestamp.moment;
  }
  #timestamp: { readonly moment: Moment | undefined } | undefined;

  /** The address of an end, and the port if one follows it. */
  endpoint(end: End): Endpoint | undefined {
    this.#endpoints[end] ??= { found: toEndpoint(this.fact(addressColumns[end])) };
    return this.#endpoints[end].found;
  }
  readonly #endpoints: { [E in End]?: { readonly found: Endpoint | undefined } } = {};

  /** The port of an end: from its own column, else from behind the address. */
  portOf(end: End): number | undefined {
    return toPort(this.fact(portColumns[end])) ?? this.endpoint(end)?.port;
  }

  /** Whether Zeek inspected the session: AdditionalFields then hold Zeek's keys. */
  get isZeek(): boolean {
    return this.action.orientation === 'originator';
  }
}

function isTextOrNumber(value: Json | undefined): value is string | number | bigint {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
}
