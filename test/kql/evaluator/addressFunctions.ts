import ipaddr from 'ipaddr.js';
import { isArray, textOf, type Value } from './values';

type Range = readonly [address: ipaddr.IPv4 | ipaddr.IPv6, length: number];

/** An address with its prefix length. undefined where the text is none of this version; version 6 takes those of version 4 as mapped ones. */
function rangeOf(value: Value, version: 4 | 6): Range | undefined {
  const [text = '', prefix, ...more] = textOf(value).trim().split('/');
  const isFour = ipaddr.IPv4.isValidFourPartDecimal(text);
  const isSix = version === 6 && ipaddr.IPv6.isValid(text) && !text.includes('%');
  const size = isFour ? 32 : 128;
  if (more.length > 0 || !(isFour || isSix) || !/^\d{1,3}$/.test(prefix ?? '0') || Number(prefix ?? 0) > size)
    return undefined;
  const length = prefix === undefined ? size : Number(prefix);
  if (!isFour) return [ipaddr.IPv6.parse(text), length];
  const four = ipaddr.IPv4.parse(text);
  return version === 4 ? [four, length] : [four.toIPv4MappedAddress(), length + 96];
}

/** null where the first is no address. */
function isInAny(version: 4 | 6, address: Value, ranges: readonly Value[]): boolean | null {
  const own = rangeOf(address, version);
  if (!own) return null;
  return ranges.some((one) => {
    const range = rangeOf(one, version);
    return range !== undefined && own[0].match(range[0], range[1]);
  });
}

const itemsOf = (values: readonly Value[]): readonly Value[] => values.flatMap((one) => (isArray(one) ? one : [one]));

/** The addresses in a text that no letter, digit or further octet touches. */
const addressesIn = (text: string): string[] =>
  [...text.matchAll(/(?<![\p{L}\p{N}.])\d{1,3}(?:\.\d{1,3}){3}(?![\p{L}\p{N}]|\.\d)/gu)]
    .map(([address]) => address)
    .filter((address) => ipaddr.IPv4.isValidFourPartDecimal(address));

export const addressFunctions = {
  ipv4_is_private: (address: Value) => isInAny(4, address, ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
  ipv4_is_in_any_range: (...[address = null, ...ranges]: Value[]) => isInAny(4, address, itemsOf(ranges)),
  ipv6_is_in_any_range: (...[address = null, ...ranges]: Value[]) => isInAny(6, address, itemsOf(ranges)),
  /** With the bits behind its prefix length as 0. */
  parse_ipv6: (value: Value) => {
    const range = rangeOf(value, 6);
    if (!range) return '';
    const kept = ipaddr.IPv6.networkAddressFromCIDR(`${range[0].toString()}/${range[1]}`);
    return kept.parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
  },
  has_any_ipv4_prefix: (...[text = null, ...prefixes]: Value[]) => {
    const asked = itemsOf(prefixes).map(textOf);
    return addressesIn(textOf(text)).some((address) =>
      asked.some((prefix) => address === prefix || (prefix.endsWith('.') && address.startsWith(prefix))),
    );
  },
};
