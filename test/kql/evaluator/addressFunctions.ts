import ipaddr from 'ipaddr.js';
import type { Builtin } from './textFunctions';
import { isArray, isNumber, textOf, type Value } from './values';

/** Bits of an address, without those behind its prefix length. */
interface Address {
  readonly bits: bigint;
  readonly length: number;
}

const bitsOf = (bytes: readonly number[]): bigint => bytes.reduce((bits, byte) => bits * 256n + BigInt(byte), 0n);

/** undefined where the text is no address of this version; version 6 takes those of version 4 as mapped ones. */
function addressOf(value: Value, version: 4 | 6): Address | undefined {
  const [text = '', prefix, ...more] = textOf(value).trim().split('/');
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(text);
  if (more.length > 0 || (!isFour && (version === 4 || !ipaddr.IPv6.isValid(text) || text.includes('%'))))
    return undefined;
  const size = isFour ? 32 : 128;
  const length = prefix === undefined ? size : Number(prefix);
  if (!/^\d+$/.test(prefix ?? '0') || length > size) return undefined;
  const parsed = isFour ? ipaddr.IPv4.parse(text) : ipaddr.IPv6.parse(text);
  const bits = bitsOf(parsed.toByteArray());
  return isFour && version === 6 ? { bits: bits + (0xffffn << 32n), length: length + 96 } : { bits, length };
}

const masked = (bits: bigint, length: number, size: number): bigint => bits >> BigInt(size - length);

/** -1, 0, 1, of the bits that the shorter prefix leaves; null where a text is no address. */
function compareAddresses(version: 4 | 6, a: Value, b: Value, prefix: Value): bigint | null {
  const [one, other] = [addressOf(a, version), addressOf(b, version)];
  const size = version === 4 ? 32 : 128;
  if (!one || !other) return null;
  const length = Math.min(one.length, other.length, isNumber(prefix) ? Number(prefix) : size);
  const [x, y] = [masked(one.bits, length, size), masked(other.bits, length, size)];
  return x < y ? -1n : x > y ? 1n : 0n;
}

const isInRange = (version: 4 | 6, address: Value, range: Value): boolean | null => {
  const [one, other] = [addressOf(address, version), addressOf(range, version)];
  const size = version === 4 ? 32 : 128;
  if (!one || !other) return null;
  return masked(one.bits, other.length, size) === masked(other.bits, other.length, size);
};

const isInAnyRange =
  (version: 4 | 6): Builtin =>
  (address = null, ...ranges) => {
    const results = ranges
      .flatMap((one) => (isArray(one) ? one : [one]))
      .map((range) => isInRange(version, address, range));
    return results.includes(true) ? true : addressOf(address, version) === undefined ? null : false;
  };

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];

/** The addresses in a text that no letter, digit or further octet touches. */
const addressesIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu)].flatMap(([address]) =>
    ipaddr.IPv4.isValidFourPartDecimal(address) ? [address] : [],
  );

const has =
  (test: (address: string, asked: string) => boolean): Builtin =>
  (text = '', ...asked) => {
    const all = asked.flatMap((one) => (isArray(one) ? one : [one])).map(textOf);
    return addressesIn(textOf(text)).some((address) => all.some((one) => test(address, one)));
  };

const isSame = (address: string, asked: string): boolean => address === asked;
const hasPrefix = (address: string, asked: string): boolean =>
  address === asked || (asked.endsWith('.') && address.startsWith(asked));

export const addressFunctions: Readonly<Record<string, Builtin>> = {
  ipv4_is_private: (address = null) => {
    const one = addressOf(address, 4);
    return one ? privateRanges.some((range) => isInRange(4, address, range)) : null;
  },
  ipv4_is_in_range: (address = null, range = null) => isInRange(4, address, range),
  ipv4_is_in_any_range: isInAnyRange(4),
  ipv4_compare: (a = null, b = null, prefix = null) => compareAddresses(4, a, b, prefix),
  ipv4_is_match: (a = null, b = null, prefix = null) => {
    const order = compareAddresses(4, a, b, prefix);
    return order === null ? null : order === 0n;
  },
  parse_ipv4: (address = null) => {
    const one = addressOf(address, 4);
    return one ? masked(one.bits, one.length, 32) << BigInt(32 - one.length) : null;
  },
  ipv6_is_in_range: (address = null, range = null) => isInRange(6, address, range),
  ipv6_is_in_any_range: isInAnyRange(6),
  ipv6_compare: (a = null, b = null, prefix = null) => compareAddresses(6, a, b, prefix),
  ipv6_is_match: (a = null, b = null, prefix = null) => {
    const order = compareAddresses(6, a, b, prefix);
    return order === null ? null : order === 0n;
  },
  parse_ipv6: (address = null) => {
    const one = addressOf(address, 6);
    const kept = one ? masked(one.bits, one.length, 128) << BigInt(128 - one.length) : 0n;
    return one ? (kept.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':') : '';
  },
  has_ipv4: has(isSame),
  has_any_ipv4: has(isSame),
  has_ipv4_prefix: has(hasPrefix),
  has_any_ipv4_prefix: has(hasPrefix),
};
