import { eventUid } from './eventUid';
import { type Orientated, orientate, type Side } from './orientation';
import { type End, RecordReader } from './recordReader';
import { type Span, spanOf } from './timeSpan';
import { redactUrl } from './values/redactUrl';
import { toText } from './values/text';
import { cleanUrl, type Host, hostOf } from './values/url';

/** One record as a network event: its fields, and what follows from them, each worked out once. The mapping reads this. */
export class NetworkEvent extends RecordReader {
  /** When the session began and ended. */
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
    if (this.onRead !== undefined) {
      const { src, dst, basis } = this.#orientation;
      this.onRead('orientation', `${src ?? 'none'} to ${dst ?? 'none'} (${basis})`);
    }
    return this.#orientation;
  }
  #orientation: Orientated | undefined;

  /** The side of the row that is the reporting device; undefined when unknown. */
  get device(): Side | undefined {
    return this.orientation.device;
  }

  /** The end of the record that is this side of the row. */
  end(side: Side): End | undefined {
    return side === 'Src' ? this.orientation.src : this.orientation.dst;
  }

  address(side: Side): string | undefined {
    const end = this.end(side);
    return end === undefined ? undefined : this.endpoint(end)?.address;
  }

  /** The port of a side. The connections of an aggregated report each have a source port of their own. */
  port(side: Side): number | undefined {
    const end = this.end(side);
    if (end === undefined || (end === 'Local' && side === 'Src' && this.action.isAggregated)) return undefined;
    return this.portOf(end);
  }

  /** RemoteUrl, redacted; undefined if it is a file path. */
  get remoteUrl(): string | undefined {
    if (this.#remoteUrl === undefined) {
      const url = cleanUrl(toText(this.fact('RemoteUrl')));
      this.#remoteUrl = { url: url === undefined ? undefined : redactUrl(url, this.settings.urlRedaction) };
    }
    return this.#remoteUrl.url;
  }
  #remoteUrl: { readonly url: string | undefined } | undefined;

  /** The host in RemoteUrl; it always belongs to the remote end. */
  get remoteHost(): Host | undefined {
    this.#remoteHost ??= { host: hostOf(this.remoteUrl) };
    return this.#remoteHost.host;
  }
  #remoteHost: { host: Host | undefined } | undefined;
}
