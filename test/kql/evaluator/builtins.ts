import { addressFunctions } from './addressFunctions';
import { bin } from './arithmetic';
import { regexOf, withoutFirst } from './texts';
import { compare, conversions, day, isArray, isNumber, keyOf, Span, textOf, type Value } from './values';

/** A function of the values of its arguments. */
export interface Builtin {
  /** How many it takes; 0 for any number. */
  readonly takes: number;
  readonly apply: (values: readonly Value[]) => Value;
}

/** Functions of values of one kind; null where an argument is none of it. */
function family<T>(
  kindOf: (value: Value) => T | undefined,
  functions: Readonly<Record<string, (...args: T[]) => Value>>,
): Record<string, Builtin> {
  const made = Object.entries(functions).map(([name, apply]): [string, Builtin] => {
    const onKind = (values: readonly Value[]): Value => {
      const args = values.map(kindOf).filter((one) => one !== undefined);
      return args.length < values.length ? null : apply(...args);
    };
    return [name, { takes: apply.length, apply: onKind }];
  });
  return Object.fromEntries(made);
}

/** A null is the empty text. */
const ofTexts = family(textOf, {
  strcat: (...texts) => texts.join(''),
  strlen: (text) => BigInt(Array.from(text).length),
  string_size: (text) => BigInt(Buffer.byteLength(text)),
  split: (text, delimiter) => (delimiter === '' ? [text] : text.split(delimiter)),
  tolower: (text) => text.toLowerCase(),
  toupper: (text) => text.toUpperCase(),
  trim: (pattern, text) => withoutFirst(withoutFirst(text, `^(?:${pattern})`), `(?:${pattern})$`),
  trim_end: (pattern, text) => withoutFirst(text, `(?:${pattern})$`),
  indexof: (text, found) => BigInt(text.indexOf(found)),
  replace_string: (text, found, by) => text.replaceAll(found, () => by),
  isempty: (text) => text === '',
  isnotempty: (text) => text !== '',
});

function round(value: bigint | number, digits: bigint | number): number {
  const [base = '', power = 0] = String(Math.abs(Number(value))).split('e');
  // 2.15 times 10 is less than 21.5.
  const shifted = Math.round(Number(`${base}e${Number(power) + Number(digits)}`));
  return (Math.sign(Number(value)) * shifted) / 10 ** Number(digits);
}

const ofNumbers = family((value) => (isNumber(value) ? value : undefined), {
  round,
  pow: (base, power) => Number(base) ** Number(power),
});

const ofIntegers = family((value) => (typeof value === 'bigint' ? value : undefined), { binary_and: (a, b) => a & b });

export const distinct = (values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [keyOf(value), value])).values(),
];

const ofArrays = family((value) => (isArray(value) ? value : undefined), {
  array_length: (array) => BigInt(array.length),
  set_union: (...arrays) => distinct(arrays.flat()),
});

/** Name, value, name, value and so on. */
function pack(...values: Value[]): Value {
  return new Map(values.flatMap((value, i) => (i % 2 === 0 ? [[textOf(value), values[i + 1] ?? null]] : [])));
}

const iff = (condition: Value, yes: Value, no: Value): Value => (condition === true ? yes : no);

const convert = (type: string) => (value: Value) => conversions[type]?.(value) ?? null;

const ofValues = family((value) => value, {
  ...addressFunctions,
  iff,
  iif: iff,
  case: (...values) => {
    const met = values.findIndex((value, i) => i % 2 === 0 && value === true && i + 1 < values.length);
    return (met < 0 ? values.at(-1) : values[met + 1]) ?? null;
  },
  coalesce: (...values) => values.find((value) => value !== null && value !== '') ?? values.at(-1) ?? null,
  not: (value) => (typeof value === 'boolean' ? !value : null),
  isnull: (value) => value === null,
  isnotnull: (value) => value !== null,
  tostring: textOf,
  toint: convert('int'),
  tolong: convert('long'),
  toreal: convert('real'),
  todouble: convert('real'),
  tobool: convert('bool'),
  parse_json: convert('dynamic'),
  substring: (...[text = null, start = null, length = null]) =>
    textOf(text)
      .slice(Number(start))
      .slice(0, length === null ? undefined : Math.max(0, Number(length))),
  extract: (pattern, group, text) => {
    const matcher = regexOf(textOf(pattern)).matcher(textOf(text));
    return matcher.find() ? matcher.group(Number(group)) : '';
  },
  bin,
  startofday: (value) => bin(value, new Span(day)),
  // Of the values that are not null.
  max_of: (...values) =>
    values.reduce(
      (best, value) => (best === null || (value !== null && compare(value, best) > 0) ? value : best),
      null,
    ),
  pack,
  bag_pack: pack,
});

export const builtins: Readonly<Record<string, Builtin>> = {
  ...ofTexts,
  ...ofNumbers,
  ...ofIntegers,
  ...ofArrays,
  ...ofValues,
};
