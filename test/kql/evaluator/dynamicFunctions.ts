import { arithmetic } from './numberFunctions';
import { KqlError } from './syntax';
import type { Builtin } from './textFunctions';
import { compare, isArray, isBag, isNumber, keyOf, textOf, type Value } from './values';

const unique = (values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [keyOf(value), value])).values(),
];

/** A function of arrays; null where one is none. */
const ofArrays =
  (apply: (...arrays: (readonly Value[])[]) => Value): Builtin =>
  (...values) =>
    values.every(isArray) ? apply(...values.filter(isArray)) : null;

function withoutPath(key: Value): string {
  const text = textOf(key);
  if (text.startsWith('$')) throw new KqlError(`the evaluator does not know paths such as ${text}`);
  return text;
}

/** Arguments that the evaluator does not know are an error. */
function only(more: readonly Value[]): true {
  if (more.length > 0) throw new KqlError(`the evaluator does not know the argument ${more.map(textOf).join()}`);
  return true;
}

const keysOf = (arrays: readonly (readonly Value[])[]): Set<string>[] =>
  arrays.map((array) => new Set(array.map(keyOf)));

/** Name, value, name, value and so on, as a bag; the first of two equal names stays. */
const pack: Builtin = (...values) => {
  const pairs = values.flatMap((value, i): [string, Value][] =>
    i % 2 === 0 ? [[textOf(value), values[i + 1] ?? null]] : [],
  );
  return new Map(pairs);
};

const sorted =
  (sign: number): Builtin =>
  (array = null, ...more) =>
    isArray(array) && only(more)
      ? array.toSorted((a, b) => {
          if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
          const order = compare(a, b);
          if (order === undefined) throw new KqlError('an array with values of several types');
          return sign * order;
        })
      : null;

/** The element of an array or the value of a key; null where there is none. */
export function member(value: Value, key: Value): Value {
  if (isBag(value)) return value.get(textOf(key)) ?? null;
  if (isArray(value) && isNumber(key)) return value.at(Number(key)) ?? null;
  return null;
}

export const dynamicFunctions: Readonly<Record<string, Builtin>> = {
  pack,
  bag_pack: pack,
  pack_array: (...values) => values,
  range: (from = null, to = null, step = 1n) => {
    const values: Value[] = [];
    for (
      let value = from;
      (compare(value, to) ?? 1) <= 0 && values.length < 1_048_576;
      value = arithmetic('+', value, step)
    )
      values.push(value);
    return values;
  },
  array_length: (array = null) => (isArray(array) ? BigInt(array.length) : null),
  array_concat: (...arrays) => arrays.filter(isArray).flat(),
  array_slice: (array = null, start = 0n, end = -1n) => {
    if (!isArray(array)) return null;
    const last = Number(end);
    return array.slice(Number(start), last === -1 ? undefined : last + 1);
  },
  array_sort_asc: sorted(1),
  array_sort_desc: sorted(-1),
  zip: ofArrays((...arrays) =>
    Array.from({ length: Math.max(...arrays.map(({ length }) => length)) }, (_, i) =>
      arrays.map((array) => array[i] ?? null),
    ),
  ),
  bag_keys: (bag = null) => (isBag(bag) ? [...bag.keys()] : null),
  bag_merge: (...bags) =>
    new Map(
      bags
        .filter(isBag)
        .toReversed()
        .flatMap((bag) => Array.from(bag)),
    ),
  bag_remove_keys: (bag = null, keys = null) => {
    if (!isBag(bag) || !isArray(keys)) return bag;
    const removed = new Set(keys.map(withoutPath));
    return new Map([...bag].filter(([key]) => !removed.has(key)));
  },
  set_union: ofArrays((...arrays) => unique(arrays.flat())),
  set_difference: ofArrays((first = [], ...others) => {
    const keys = keysOf(others);
    return unique(first).filter((value) => !keys.some((set) => set.has(keyOf(value))));
  }),
  set_intersect: ofArrays((first = [], ...others) => {
    const keys = keysOf(others);
    return unique(first).filter((value) => keys.every((set) => set.has(keyOf(value))));
  }),
  set_has_element: (set = null, value = null) => (isArray(set) ? set.some((one) => keyOf(one) === keyOf(value)) : null),
};
