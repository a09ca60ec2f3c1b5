import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Json } from '../../json';

/**
 * An address as analysts compare it: IPv4 in dotted form (also when it came mapped into IPv6), IPv6 in the
 * form of RFC 5952, without a zone. Undefined for what is no address.
 */
export function toAddress(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || value.length > 128) return undefined;
  const text = value.trim();
  if (isIPv4(text)) return text;
  const bare = text.split('%', 1)[0] ?? '';
  if (!ipaddr.IPv6.isValid(bare)) return undefined;
  const address = ipaddr.IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
}

const notADevice = new Set(['multicast', 'unspecified', 'broadcast']);

/** Whether an address, as {@link toAddress} writes it, can belong to one device. */
export function canBeDevice(address: string): boolean {
  return !notADevice.has(ipaddr.parse(address).range());
}
