import type { NetworkEvent } from './event';
import { httpHost, serverName } from './hostNames';
import { saysNothing } from './secondSources';
import { canBeDevice } from './values/address';
import { redactUrl } from './values/redactUrl';
import { toText } from './values/text';
import { isAbsolute, schemeOf } from './values/url';

/** Columns about the session as a whole that take more than one line of code. */

/** The IANA protocol numbers that an endpoint sees. */
const protocolsByNumber: Readonly<Record<string, string>> = {
  '1': 'ICMP',
  '2': 'IGMP',
  '6': 'TCP',
  '17': 'UDP',
  '47': 'GRE',
  '50': 'ESP',
  '51': 'AH',
  '58': 'ICMP',
  '132': 'SCTP',
};
const transportPrefixes = ['TCP', 'UDP', 'ICMP'];
const transportNames = new Set(Object.values(protocolsByNumber));

/** `TcpV4`, `Udp`, `icmp`, 6 -> `TCP`, `UDP`, `ICMP`, `TCP`; other names in upper case. */
export function transportProtocol(event: NetworkEvent): string | undefined {
  const sent = event.field('Protocol');
  const name = protocolName(toText(event.fact('Protocol')));
  // In AdditionalFields the key can mean another layer, so only known names count.
  return saysNothing(sent) && name !== undefined && !transportNames.has(name) ? undefined : name;
}

function protocolName(text: string | undefined): string | undefined {
  const name = text?.toUpperCase();
  if (name === undefined || name === 'UNKNOWN') return undefined;
  if (Object.hasOwn(protocolsByNumber, name)) return protocolsByNumber[name];
  return transportPrefixes.find((prefix) => name.startsWith(prefix)) ?? name;
}

/** The device's own address. Internet scans only have its public one, which may belong to a router. */
export function deviceAddress(event: NetworkEvent): string | undefined {
  const address = event.device === undefined ? undefined : event.address(event.device);
  if (address === undefined || event.is('InboundInternetScanInspected')) return undefined;
  return canBeDevice(address) ? address : undefined;
}

const webProtocols = /^(?:h2|http\/1(?:\.\d)?)$/i;

function speaksHttp(event: NetworkEvent): boolean {
  return webProtocols.test(event.detailText('next_protocol') ?? '');
}

/** From the action type, else the scheme of RemoteUrl; never guessed from a port. */
export function applicationProtocol(event: NetworkEvent): string | undefined {
  const { application } = event.action;
  const scheme = schemeOf(event.remoteUrl);
  if (application === 'TLS') return scheme === 'https' || speaksHttp(event) ? 'HTTPS' : 'TLS';
  if (application !== undefined) return application;
  return scheme === 'http' || scheme === 'https' ? scheme.toUpperCase() : undefined;
}

export function urlOriginal(event: NetworkEvent): string | undefined {
  if (event.remoteUrl !== undefined) return event.remoteUrl;
  const url = event.is('HttpConnectionInspected') ? requestUrl(event) : undefined;
  return url === undefined ? undefined : redactUrl(url, event.settings.urlRedaction);
}

/** The URL of an HTTP request, as a browser would show it. */
function requestUrl(event: NetworkEvent): string | undefined {
  if (event.detailText('method')?.toUpperCase() === 'CONNECT') return undefined;
  const uri = event.detailText('uri');
  if (uri !== undefined && isAbsolute(uri)) return uri;
  const host = event.detailText('host');
  if (host === undefined) return undefined;
  return `http://${host}${uri === undefined || uri.startsWith('/') ? (uri ?? '') : `/${uri}`}`;
}

/** The site's name or address; the TLS server name only if HTTP was negotiated. */
export function urlHostname(event: NetworkEvent): string | undefined {
  const site = event.remoteHost ?? httpHost(event) ?? (speaksHttp(event) ? serverName(event) : undefined);
  return site?.name;
}
