import type { Json, JsonObject } from '../json';
import { toText } from './values/text';

/**
 * Columns whose value can be in Defender's own AdditionalFields instead, with the keys to read there in order of preference.
 * The keys are matched in any case. Records of the firewall, network protection and internet scans have such values.
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

/** Other keys of AdditionalFields that are matched in any case. */
const otherKeys = ['direction', 'uniqueEventsAggregated'] as const;
export type AnyCaseKey = SecondSource | (typeof otherKeys)[number];

/** All of these keys, in lower case. */
const spellings = new Map<string, readonly string[]>(
  [...Object.entries(secondSources), ...otherKeys.map((key): [string, readonly string[]] => [key, [key]])].map(
    ([name, keys]) => [name, keys.map((key) => key.toLowerCase())],
  ),
);
const wanted = new Set([...spellings.values()].flat());

/** Lengths and first letters of the keys. Comparing them first rules out nearly every other key quickly. */
const lengths = new Set(Array.from(wanted, ({ length }) => length));
const firstLetters = new Set(Array.from(wanted, (key) => key.charCodeAt(0)));

function mayBeWanted(key: string): boolean {
  // This bit turns an ASCII capital into its small letter.
  return lengths.has(key.length) && firstLetters.has(key.charCodeAt(0) | 0x20);
}

/** The values of these keys in one record, by the key in lower case. */
export type Spelt = ReadonlyMap<string, Json>;

/** Ignores empty values. If a key then still occurs in several spellings, the first in alphabetical order wins. */
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

/** The columns and keys above that are read from this key of AdditionalFields, in any case. */
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

/** Whether a value is empty: null, a text such as `-`, or 0, because 0 is neither a port nor a protocol. */
export function saysNothing(value: Json | undefined): boolean {
  if (typeof value === 'string') {
    const text = toText(value);
    return text === undefined || (text.startsWith('0') && /^0+$/.test(text));
  }
  return value === undefined || value === null || value === 0;
}
