import { isIP } from 'node:net';
import { remembering } from '../remembering';
import type { NetworkEvent } from './event';
import type { Side } from './orientation';
import { toAddress } from './values/address';
import { isInAny } from './values/addressRange';
import { trimDots } from './values/text';
import { type Host, hostOf, isAbsolute } from './values/url';

/** Host names of the two sides, and the evidence for each. */

interface DeviceName {
  /** As sent. */
  readonly full: string;
  readonly hostname: string;
  readonly domain: string | undefined;
  readonly fqdn: string | undefined;
}

export function deviceName(event: NetworkEvent): DeviceName | undefined {
  const full = event.text('DeviceName');
  return full === undefined ? undefined : partsOf(full);
}

const partsOf = remembering((full): DeviceName | undefined => {
  const trimmed = trimDots(full);
  if (trimmed === '') return undefined;
  const dot = trimmed.indexOf('.');
  if (dot < 0 || isIP(trimmed) !== 0) return { full, hostname: trimmed, domain: undefined, fqdn: undefined };
  return { full, hostname: trimmed.slice(0, dot), domain: qualified(trimmed.slice(dot + 1)), fqdn: trimmed };
});

/** The host of an HTTP request, not that of a proxy: from its absolute URL, else its Host header (RFC 9112, 3.2.2). */
export function httpHost(event: NetworkEvent): Host | undefined {
  if (!event.is('HttpConnectionInspected')) return undefined;
  const uri = event.detailText('uri');
  return hostOf(uri !== undefined && isAbsolute(uri) ? uri : event.detailText('host'));
}

function isProxied(event: NetworkEvent): boolean {
  return event.detailText('method')?.toUpperCase() === 'CONNECT' || isAbsolute(event.detailText('uri') ?? '');
}

/** The server name (SNI) of a TLS client. */
export function serverName(event: NetworkEvent): Host | undefined {
  return event.is('SslConnectionInspected') ? hostOf(event.detailText('server_name')) : undefined;
}

/** The name that a session was meant for: site, server name or DNS query. Never an address. */
export function targetName(event: NetworkEvent): string | undefined {
  const remote = event.end('Dst') === 'Remote' ? name(event.remoteHost) : undefined;
  const query = event.is('DnsConnectionInspected') ? hostOf(event.detailText('query')) : undefined;
  return remote ?? name(httpHost(event)) ?? name(serverName(event)) ?? name(query);
}

export function hostname(event: NetworkEvent, side: Side): string | undefined {
  const own = event.device === side ? deviceName(event)?.hostname : undefined;
  return own ?? remoteName(event, side, isSingleLabel) ?? ntlmHostname(event, side);
}

export function fqdn(event: NetworkEvent, side: Side): string | undefined {
  if (event.device === side) return deviceName(event)?.fqdn ?? ntlmFqdn(event, side);
  return remoteName(event, side, isQualified) ?? (side === 'Dst' ? siteFqdn(event) : undefined);
}

export function domain(event: NetworkEvent, side: Side): string | undefined {
  const own = event.device === side ? deviceName(event)?.domain : undefined;
  return own ?? ntlmDomain(event, side);
}

/** The site that the destination serves, if it is no proxy and the sides are known. */
function siteFqdn(event: NetworkEvent): string | undefined {
  const http = httpHost(event);
  const isDirect = event.device !== undefined && !(http !== undefined && isProxied(event));
  const site = isDirect ? (name(http) ?? name(serverName(event))) : undefined;
  return site !== undefined && isQualified(site) && canBeDeviceName(site) && !isProxy(event, 'Dst')
    ? site
    : ntlmFqdn(event, 'Dst');
}

function remoteName(event: NetworkEvent, side: Side, fits: (name: string) => boolean): string | undefined {
  if (event.device === undefined || event.device === side || event.end(side) !== 'Remote') return undefined;
  const remote = name(event.remoteHost);
  return remote !== undefined && fits(remote) && canBeDeviceName(remote) && !isProxy(event, side) ? remote : undefined;
}

/** A proxy's address serves every site, so it gets the name of none. */
function isProxy(event: NetworkEvent, side: Side): boolean {
  const { proxies } = event.settings;
  return proxies.length > 0 && isInAny(event.address(side), proxies);
}

function ntlmHostname(event: NetworkEvent, side: Side): string | undefined {
  if (side === 'Dst') return ntlmServer(event, side, 'server_nb_computer_name');
  const incoming = event.is('NtlmAuthenticationInspected') && event.orientation.direction === 'Inbound';
  return incoming ? event.detailText('hostname') : undefined;
}

function ntlmFqdn(event: NetworkEvent, side: Side): string | undefined {
  return deviceDomain(ntlmServer(event, side, 'server_dns_computer_name'));
}

/** A server outside a domain reports its own name as that of its domain ([MS-NLMP], section 2.2.2.1). */
function ntlmDomain(event: NetworkEvent, side: Side): string | undefined {
  const found = deviceDomain(ntlmServer(event, side, 'server_dns_domain_name'));
  if (found === undefined) return undefined;
  return found.toLowerCase() === ntlmFqdn(event, side)?.toLowerCase() ? undefined : found;
}

/** A name that the server of an NTLM authentication reported about itself. */
function ntlmServer(event: NetworkEvent, side: Side, key: string): string | undefined {
  return side === 'Dst' && event.is('NtlmAuthenticationInspected') ? event.detailText(key) : undefined;
}

function name(host: Host | undefined): string | undefined {
  return host === undefined || host.isAddress ? undefined : host.name;
}

function isSingleLabel(hostName: string): boolean {
  return !hostName.includes('.');
}

function isQualified(hostName: string): boolean {
  return hostName.includes('.');
}

/** The text as FQDN or domain of a device: no address, no wildcard, no spaces. */
function deviceDomain(text: string | undefined): string | undefined {
  const found = qualified(text);
  return found !== undefined && canBeDeviceName(found) && toAddress(found) === undefined ? found : undefined;
}

/** The text without dots at its ends, if it still contains one: an FQDN or a domain. */
function qualified(text: string | undefined): string | undefined {
  const trimmed = trimDots(text ?? '');
  return isQualified(trimmed) ? trimmed : undefined;
}

const labels = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
const everyDevice = /^(?:.*\.)?localhost(?:\.localdomain)?$/i;

/** Whether it can be the name of one device: only letters, digits, `-` and `_`, no wildcard, not `localhost`. */
function canBeDeviceName(hostName: string): boolean {
  return hostName.length <= 253 && labels.test(hostName) && !everyDevice.test(hostName);
}
