import type { NetworkEvent } from './event';
import { httpHost, serverName } from './names';
import { canBeDevice } from './values/address';
import { fromFiletime, type Moment, ticksBetween } from './values/time';
import { isAbsolute, redactUrl, schemeOf } from './values/url';

/** Columns of the session as a whole whose rule needs more than one line. */

const dayTicks = 864e9;

/** Zeek tells when a session began; in some feeds that clock is weeks off, so only a start within the last day counts. */
export function startTime(event: NetworkEvent): Moment | undefined {
  const { timestamp } = event;
  const start = event.isZeek ? fromFiletime(event.detail('ts')) : undefined;
  if (timestamp === undefined || start === undefined) return timestamp;
  const earlierBy = ticksBetween(start, timestamp);
  return earlierBy >= 0 && earlierBy <= dayTicks ? start : timestamp;
}

/** The device's own address; on scan rows the device's side is its public address, so there is none to give. */
export function deviceAddress(event: NetworkEvent): string | undefined {
  const address = event.device === undefined ? undefined : event.address(event.device);
  if (address === undefined || event.is('InboundInternetScanInspected')) return undefined;
  return canBeDevice(address) ? address : undefined;
}

const transportPrefixes = ['TCP', 'UDP', 'ICMP'];

/** `TcpV4`, `Udp`, `icmp` -> `TCP`, `UDP`, `ICMP`; other names in upper case. */
export function transportProtocol(event: NetworkEvent): string | undefined {
  const sent = event.table === 'DeviceEvents' ? undefined : event.text('Protocol')?.toUpperCase();
  return sent === 'UNKNOWN' ? undefined : (transportPrefixes.find((prefix) => sent?.startsWith(prefix)) ?? sent);
}

const webProtocols = /^(?:h2|http\/1(?:\.\d)?)$/i;

function speaksHttp(event: NetworkEvent): boolean {
  return webProtocols.test(event.detailText('next_protocol') ?? '');
}

/** What the action type states, or the scheme of RemoteUrl; never a guess from a port number. */
export function applicationProtocol(event: NetworkEvent): string | undefined {
  const { application } = event.action;
  const scheme = schemeOf(event.remoteUrl);
  if (application === 'TLS') return scheme === 'https' || speaksHttp(event) ? 'HTTPS' : 'TLS';
  if (application !== undefined) return application;
  return scheme === 'http' || scheme === 'https' ? scheme.toUpperCase() : undefined;
}

export function urlOriginal(event: NetworkEvent): string | undefined {
  const url = event.remoteUrl ?? (event.is('HttpConnectionInspected') ? requestUrl(event) : undefined);
  return url === undefined ? undefined : redactUrl(url, event.settings.urlRedaction);
}

/** The URL of an HTTP request, put together as a browser would show it. */
function requestUrl(event: NetworkEvent): string | undefined {
  if (event.detailText('method')?.toUpperCase() === 'CONNECT') return undefined;
  const uri = event.detailText('uri');
  if (uri !== undefined && isAbsolute(uri)) return uri;
  const host = event.detailText('host');
  if (host === undefined) return undefined;
  return `http://${host}${uri === undefined || uri.startsWith('/') ? (uri ?? '') : `/${uri}`}`;
}

/** A site's name or address; of a TLS session only when HTTP was spoken in it. */
export function urlHostname(event: NetworkEvent): string | undefined {
  const site = event.remoteHost ?? httpHost(event) ?? (speaksHttp(event) ? serverName(event) : undefined);
  return site?.name;
}
