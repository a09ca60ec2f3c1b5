import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Json } from '../../json';
import { remembering } from '../../remembering';
import { toPort } from './numbers';

/**
 * An address in canonical form: dotted IPv4 (also if it is mapped into IPv6), or IPv6 as in RFC 5952 without a zone.
 * Undefined if it is no address.
 */
export function toAddress(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value.length > 128) return undefined;
  const text = value.trim();
  if (isIPv4(text)) return text;
  const bare = text.split('%', 1)[0] ?? '';
  return isIPv6(bare) ? canonicalIPv6(bare) : undefined;
}

const canonicalIPv6 = remembering((bare) => {
  const address = ipaddr.IPv6.parse(bare.replace(dottedEnd, hexadecimal));
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
});

/** ipaddr.js reads every dotted suffix as a mapped address (`::192.0.2.1` too), and its bytes as octal or hexadecimal. */
const dottedEnd = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/;

function hexadecimal(_: string, ...bytes: string[]): string {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.map(Number);
  return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** An address, and the port if one follows it. */
export interface Endpoint {
  readonly address: string;
  readonly port: number | undefined;
}

const withPort = /^(?:\[([^[\]]*)\]|([\d.]+))(?::(\d{1,5}))?$/;

/** Like {@link toAddress}; also reads `203.0.113.1:443`, `[2001:db8::9]:443` and `[2001:db8::9]`. */
export function toEndpoint(value: Json | undefined): Endpoint | undefined {
  const alone = toAddress(value);
  if (alone !== undefined) return { address: alone, port: undefined };
  if (typeof value !== 'string' || value.length > 128) return undefined;
  const [, inBrackets, dotted, port] = withPort.exec(value.trim()) ?? [];
  const address = toAddress(inBrackets ?? dotted);
  if (address === undefined || Number(port ?? 0) > 65_535) return undefined;
  return { address, port: toPort(port) };
}

const notADevice = new Set(['multicast', 'unspecified', 'broadcast']);

/** Whether an address, as {@link toAddress} writes it, can belong to one device. */
export const canBeDevice = remembering((address) => !notADevice.has(ipaddr.parse(address).range()));
