import type { DefenderRecord } from '../defender/parts';
import { legacyColumns } from '../defender/tables';
import type { Json, JsonObject } from '../json';
import { type ActionType, actionOf, type FoundAction, type MappedTable } from './actions';
import { eventUid } from './eventUid';
import { type Orientated, orientate } from './orientation';
import { type AnyCaseKey, findSpelt, type SecondSource, type Spelt, saysNothing, speltKeys } from './secondSources';
import type { TransformSettings } from './settings';
import { type Span, spanOf } from './span';
import { toEndpoint } from './values/address';
import { toPort } from './values/numbers';
import { redactObject } from './values/redactJson';
import { redactUrl } from './values/redactUrl';
import { toText } from './values/text';
import { type Moment, toMoment } from './values/time';
import { type Unwrapped, unwrap } from './values/unwrap';
import { cleanUrl, type Host, hostOf } from './values/url';

/** The two ends of a session as Defender names them, and as the row does. */
export type End = 'Local' | 'Remote';
export type Side = 'Src' | 'Dst';

/**
 * Called with each source that is read and what it held: `RemoteIP`, `AdditionalFields.direction`, `envelope.time`, or
 * `orientation`, whose value is that conclusion in words.
 */
export type OnRead = (source: string, value: Json | undefined) => void;

const oldNames: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(legacyColumns).map(([old, modern]) => [modern, old]),
);

/**
 * One record seen as a network event: what the mapping reads instead of raw columns. Pure and lazy; each
 * conclusion (orientation, host of the URL) is drawn once.
 */
export class NetworkEvent {
  readonly #actionType: string | undefined;
  readonly #action: FoundAction;
  #silent = false;

  constructor(
    readonly record: DefenderRecord,
    readonly table: MappedTable,
    readonly settings: TransformSettings,
    private readonly onRead?: OnRead,
  ) {
    this.#actionType = toText(record.properties['ActionType']);
    this.#action = actionOf(table, this.#actionType);
  }

  /** The ActionType as sent; undefined when there is none. */
  get actionType(): string | undefined {
    this.read('ActionType', this.#actionType);
    return this.#actionType;
  }

  get action(): FoundAction {
    this.read('ActionType', this.#actionType);
    return this.#action;
  }

  is(name: ActionType): boolean {
    return this.action.name === name;
  }

  private read(source: string, value: Json | undefined): void {
    if (!this.#silent) this.onRead?.(source, value);
  }

  /** A column of the record as sent, by its modern name. */
  field(name: string): Json | undefined {
    const value = this.column(name);
    this.read(name, value);
    return value;
  }

  private column(name: string): Json | undefined {
    const { properties } = this.record;
    const value = properties[name];
    if (value !== undefined && value !== null) return value;
    const old = oldNames[name];
    return old === undefined ? value : (properties[old] ?? value);
  }

  text(name: string): string | undefined {
    return toText(this.field(name));
  }

  /** A column as sent or, where that is no text and no number, the same fact in Defender's own AdditionalFields. */
  fact(name: SecondSource): Json | undefined {
    const sent = this.field(name);
    if (toText(sent) !== undefined && !saysNothing(sent)) return sent;
    // What Zeek calls `uri` is the path of a request.
    if (name === 'RemoteUrl' && this.isZeek) return sent;
    return this.spelt(name) ?? sent;
  }

  /** A key of Defender's own AdditionalFields in whichever case; undefined when it says nothing. */
  spelt(key: AnyCaseKey): Json | undefined {
    this.#spelt ??= speltKeys(this.details);
    const value = findSpelt(this.#spelt, key);
    this.read(`AdditionalFields.${key}`, value);
    return value;
  }
  #spelt: Spelt | undefined;

  /** A key of Defender's own AdditionalFields as sent. */
  detail(key: string): Json | undefined {
    const value = Object.hasOwn(this.details, key) ? this.details[key] : undefined;
    this.read(`AdditionalFields.${key}`, value);
    return value;
  }

  detailText(key: string): string | undefined {
    return toText(this.detail(key));
  }

  /** A field of the envelope around the record as sent. */
  envelope(name: 'tenantId' | 'time' | 'received'): Json | undefined {
    const value = this.record[name];
    this.read(`envelope.${name === 'received' ? '_TimeReceivedBySvc' : name}`, value);
    return value;
  }

  /** Defender's AdditionalFields as an object, with its URLs redacted; empty when it is none. */
  get details(): JsonObject {
    this.#details ??= redactObject(this.unwrapped.members, this.settings.urlRedaction);
    return this.#details;
  }
  #details: JsonObject | undefined;

  /** What Defender's AdditionalFields are once they are out of their wrapping. */
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

  /** From when to when the row speaks. */
  get span(): Span {
    this.#span ??= spanOf(this);
    return this.#span;
  }
  #span: Span | undefined;

  get uid(): string {
    this.#uid ??= eventUid(this);
    return this.#uid;
  }
  #uid: string | undefined;

  get orientation(): Orientated {
    if (this.#orientation === undefined) {
      this.#silent = true;
      this.#orientation = orientate(this);
      this.#silent = false;
    }
    const { src, dst, basis } = this.#orientation;
    if (this.onRead !== undefined) this.read('orientation', `${src ?? 'none'} to ${dst ?? 'none'} (${basis})`);
    return this.#orientation;
  }
  #orientation: Orientated | undefined;

  /** Which side of the row is the device that reports; undefined when the record does not tell. */
  get device(): Side | undefined {
    return this.orientation.device;
  }

  /** Which end stands on a side of the row. */
  end(side: Side): End | undefined {
    return side === 'Src' ? this.orientation.src : this.orientation.dst;
  }

  address(side: Side): string | undefined {
    const end = this.end(side);
    return end === undefined ? undefined : toEndpoint(this.fact(`${end}IP`))?.address;
  }

  /** The port of a side. An aggregated report stands for many connections, each from a port of its own. */
  port(side: Side): number | undefined {
    const end = this.end(side);
    if (end === undefined || (end === 'Local' && side === 'Src' && this.action.isAggregated)) return undefined;
    return this.portOf(end);
  }

  /** The port of an end; of two, the one in its own column counts more than the one behind the address. */
  portOf(end: End): number | undefined {
    return toPort(this.fact(`${end}Port`)) ?? toEndpoint(this.fact(`${end}IP`))?.port;
  }

  /** RemoteUrl, redacted, unless it is a path on a disk. */
  get remoteUrl(): string | undefined {
    if (this.#remoteUrl === undefined) {
      const url = cleanUrl(toText(this.fact('RemoteUrl')));
      this.#remoteUrl = { url: url === undefined ? undefined : redactUrl(url, this.settings.urlRedaction) };
    }
    return this.#remoteUrl.url;
  }
  #remoteUrl: { readonly url: string | undefined } | undefined;

  /** The host that RemoteUrl names: it always belongs to the remote end. */
  get remoteHost(): Host | undefined {
    this.#remoteHost ??= { host: hostOf(this.remoteUrl) };
    return this.#remoteHost.host;
  }
  #remoteHost: { host: Host | undefined } | undefined;

  /** Zeek rows: seen in the network, described in AdditionalFields. */
  get isZeek(): boolean {
    return this.action.orientation === 'originator';
  }
}
