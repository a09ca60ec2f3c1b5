import type { Json, JsonObject } from '../json';
import { toText } from './values/text';

/**
 * Columns whose value can be in Defender's own AdditionalFields instead, and the keys there, the best first, in any case.
 * Records of the firewall, network protection and internet scans do this.
 */
export const secondSources = {
  LocalIP: ['LocalIP', 'LocalAddress', 'LocalIPAddress'],
  LocalPort: ['LocalPort'],
  RemoteIP: ['RemoteIP', 'RemoteAddress', 'RemoteIPAddress', 'PublicScannedIp'],
  RemotePort: ['RemotePort', 'PublicScannedPort'],
  Protocol: ['Protocol'],
  RemoteUrl: ['RemoteUrl', 'Uri', 'Url'],
} as const;
export type SecondSource = keyof typeof secondSources;

/** Further keys that are read in any case. */
export const otherKeys = ['direction', 'uniqueEventsAggregated'] as const;
export type AnyCaseKey = SecondSource | (typeof otherKeys)[number];

/** The same keys in lower case. */
const spellings = new Map<string, readonly string[]>(
  [...Object.entries(secondSources), ...otherKeys.map((key): [string, readonly string[]] => [key, [key]])].map(
    ([name, keys]) => [name, keys.map((key) => key.toLowerCase())],
  ),
);
const wanted = new Set([...spellings.values()].flat());

/** Values of these keys in one record, by lower-case key. */
export type Spelt = ReadonlyMap<string, Json>;

/** If a key occurs in several spellings, the one that is not empty wins, then the first in alphabetical order. */
export function speltKeys(details: JsonObject): Spelt {
  const found = new Map<string, string>();
  for (const key of Object.keys(details)) {
    // Every wanted key is shorter.
    if (key.length > 24) continue;
    const lower = key.toLowerCase();
    if (!wanted.has(lower) || saysNothing(details[key])) continue;
    const before = found.get(lower);
    if (before === undefined || key < before) found.set(lower, key);
  }
  return new Map(Array.from(found, ([lower, key]) => [lower, details[key] ?? null]));
}

/** The value of a key in any spelling; undefined if it is missing or empty. */
export function findSpelt(spelt: Spelt, name: AnyCaseKey): Json | undefined {
  for (const key of spellings.get(name) ?? []) {
    const value = spelt.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Whether a value is empty: null, a text such as `-`, or 0, which is no port and no protocol. */
export function saysNothing(value: Json | undefined): boolean {
  if (typeof value === 'string') {
    const text = toText(value);
    return text === undefined || /^0+$/.test(text);
  }
  return value === undefined || value === null || value === 0;
}
