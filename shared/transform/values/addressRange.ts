import ipaddr from 'ipaddr.js';
import { toAddress } from './address';

/** One address, or all that share a prefix. */
export interface AddressRange {
  readonly address: ipaddr.IPv4 | ipaddr.IPv6;
  readonly bits: number;
}

/**
 * Reads `10.0.0.8`, `10.0.0.0/8`, `2001:db8::/32`; undefined for anything else. An IPv4 address mapped into IPv6 is that
 * IPv4 address.
 */
export function toAddressRange(text: string): AddressRange | undefined {
  const [, written = '', prefix] = /^([^/\s]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const first = toAddress(written);
  if (first === undefined) return undefined;
  const address = ipaddr.parse(first);
  const width = address.kind() === 'ipv6' ? 128 : 32;
  // The first 96 bits of a mapped address only mark it as mapped.
  const mapped = width === 32 && written.includes(':') ? 96 : 0;
  const bits = prefix === undefined ? width : Number(prefix) - mapped;
  return bits >= 0 && bits <= width ? { address, bits } : undefined;
}

/** Whether an address, as `toAddress` writes it, lies in one of the ranges. */
export function isInAny(address: string | undefined, ranges: readonly AddressRange[]): boolean {
  if (address === undefined) return false;
  const parsed = ipaddr.parse(address);
  return ranges.some((range) => parsed.kind() === range.address.kind() && parsed.match(range.address, range.bits));
}
