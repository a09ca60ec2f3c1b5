import { eventUid } from './eventUid';
import { type Orientated, orientate, type Side } from './orientation';
import { type End, RecordReader } from './recordReader';
import { type Span, spanOf } from './timeSpan';
import { toEndpoint } from './values/address';
import { redactUrl } from './values/redactUrl';
import { toText } from './values/text';
import { cleanUrl, type Host, hostOf } from './values/url';

/** One record as a network event: its fields, and what follows from them, each worked out once. The mapping reads this. */
export class NetworkEvent extends RecordReader {
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
    this.#orientation ??= orientate(this.unobserved);
    const { src, dst, basis } = this.#orientation;
    this.onRead?.('orientation', `${src ?? 'none'} to ${dst ?? 'none'} (${basis})`);
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
}
