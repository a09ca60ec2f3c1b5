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
const otherKeys = ['direction', 'uniqueEventsAggregated'] as const;
export type AnyCaseKey = SecondSource | (typeof otherKeys)[number];

/** The same keys in lower case. */
const spellings = new Map<string, readonly string[]>(
  [...Object.entries(secondSources), ...otherKeys.map((key): [string, readonly string[]] => [key, [key]])].map(
    ([name, keys]) => [name, keys.map((key) => key.toLowerCase())],
  ),
);
const wanted = new Set([...spellings.values()].flat());

/** Their lengths and first letters: a quick no for nearly every other key. */
const lengths = new Set(Array.from(wanted, ({ length }) => length));
const firstLetters = new Set(Array.from(wanted, (key) => key.charCodeAt(0)));

function mayBeWanted(key: string): boolean {
  // Sets the bit by which a small letter of ASCII differs from its capital.
  return lengths.has(key.length) && firstLetters.has(key.charCodeAt(0) | 0x20);
}

/** Values of these keys in one record, by lower-case key. */
export type Spelt = ReadonlyMap<string, Json>;

/** If a key occurs in several spellings, the one that is not empty wins, then the first in alphabetical order. */
export function speltKeys(details: JsonObject): Spelt {
  const found = new Map<string, string>();
  for (const key of Object.keys(details)) {
    if (!mayBeWanted(key)) continue;
    const lower = key.toLowerCase();
    if (!wanted.has(lower) || saysNothing(details[key])) continue;
    const before = found.get(lower);
    if (before === undefined || key < before) found.set(lower, key);
  }
  return new Map(Array.from(found, ([lower, key]) => [lower, details[key] ?? null]));
}

/** The names under which a key of AdditionalFields is read in any case. */
export function secondSourcesOf(key: string): string[] {
  const lower = key.toLowerCase();
  return Array.from(spellings).flatMap(([name, keys]) => (keys.includes(lower) ? [name] : []));
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
    return text === undefined || (text.startsWith('0') && /^0+$/.test(text));
  }
  return value === undefined || value === null || value === 0;
}
