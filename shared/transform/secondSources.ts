import type { Json, JsonObject } from '../json';
import { toText } from './values/text';

/**
 * Columns whose value may stand in Defender's own AdditionalFields instead, and how the keys there are spelt, the best
 * first, in any case. Rows of the firewall, of network protection and of internet scans do so.
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

/** Keys that are read in any case without being a second source. */
export const otherKeys = ['direction', 'uniqueEventsAggregated'] as const;
export type AnyCaseKey = SecondSource | (typeof otherKeys)[number];

/** What a key is called when nothing but its letters counts. */
const spellings = new Map<string, readonly string[]>(
  [...Object.entries(secondSources), ...otherKeys.map((key): [string, readonly string[]] => [key, [key]])].map(
    ([name, keys]) => [name, keys.map((key) => key.toLowerCase())],
  ),
);
const wanted = new Set([...spellings.values()].flat());

/** The keys of an object that are read in any case. */
export type Spelt = ReadonlyMap<string, Json>;

/** By lower-case key; of two spellings of one key, one that says something, then the first in the order of the alphabet. */
export function speltKeys(details: JsonObject): Spelt {
  const found = new Map<string, string>();
  for (const key of Object.keys(details)) {
    // No wanted key is longer.
    if (key.length > 24) continue;
    const lower = key.toLowerCase();
    if (!wanted.has(lower) || saysNothing(details[key])) continue;
    const before = found.get(lower);
    if (before === undefined || key < before) found.set(lower, key);
  }
  return new Map(Array.from(found, ([lower, key]) => [lower, details[key] ?? null]));
}

/** The value of a key, in whichever spelling; undefined when it is not there or says nothing. */
export function findSpelt(spelt: Spelt, name: AnyCaseKey): Json | undefined {
  for (const key of spellings.get(name) ?? []) {
    const value = spelt.get(key);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Nothing to read: null, a text such as `-`, and the number 0, which is no port and no protocol. */
export function saysNothing(value: Json | undefined): boolean {
  if (typeof value === 'string') {
    const text = toText(value);
    return text === undefined || /^0+$/.test(text);
  }
  return value === undefined || value === null || value === 0;
}
