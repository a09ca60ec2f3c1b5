import { nothings, strange, words } from 'defender-samples/hostile';
import * as fc from 'fast-check';
import type { Json, JsonObject } from '../../../shared/json';

/** Any UTF-16, lone surrogates included. */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 16 })
  .map((units) => String.fromCharCode(...units));

const knownTexts = [...nothings, ...strange, ...words].flatMap((text) => {
  const value: unknown = JSON.parse(text);
  return typeof value === 'string' ? [value] : [];
});

/** Texts that have broken mappers before. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  anyText,
  fc.string({ maxLength: 24 }),
  fc.constantFrom(...knownTexts),
);

export const bigInteger: fc.Arbitrary<bigint> = fc
  .bigInt({ min: -(10n ** 40n) + 1n, max: 10n ** 40n - 1n })
  .filter((value) => value > 9_007_199_254_740_991n || value < -9_007_199_254_740_991n);

const keys = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.constantFrom('__proto__', 'constructor', 'toJSON', 'Truncated'),
  anyText,
);

/** An object made as JSON.parse makes it: `__proto__` is a key like any other. */
export function objectOf(entries: readonly (readonly [string, Json | undefined])[]): JsonObject {
  return Object.fromEntries(entries.flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}

const { value: jsonValue } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    hostileText,
    // JavaScript writes -0 as 0.
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .map((value) => value + 0)
      .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)),
    fc.integer(),
    fc.constantFrom<Json>(null, true, false, 5e-324, 0.1),
    bigInteger,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map(objectOf),
  ),
}));

/** Any JSON value as `parseJson` may return it. */
export const anyJson: fc.Arbitrary<Json> = jsonValue;

/** JSON text of a value, written by the tests' own hand. */
export function writeJson(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${writeJson(inner)}`)
    .join(',')}}`;
}

/** Freezes a value at every level, so that whoever changes it throws. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) deepFreeze(inner);
    Object.freeze(value);
  }
  return value;
}
