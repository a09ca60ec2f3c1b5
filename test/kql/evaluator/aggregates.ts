import { arithmetic } from './arithmetic';
import { distinct } from './builtins';
import { KqlError } from './syntax';
import { compare, isArray, isNumber, type Value } from './values';

/** The values of an argument for each row of the group. */
type Column = readonly Value[];

/** Makes one value of the arguments of all rows; of several it makes an array. */
export type Aggregate = (...columns: Column[]) => Value;

const filled = (column: Column): Value[] => column.filter((value) => value !== null);

const sum: Aggregate = (column = []) =>
  filled(column).reduce((so, value) => (so === null ? value : arithmetic('+', so, value)), null) ?? 0n;

const numbers = (column: Column): number[] =>
  filled(column).map((value) => {
    if (!isNumber(value)) throw new KqlError('an average of values that are no numbers');
    return Number(value);
  });
const mean = (values: readonly number[]): number => values.reduce((so, value) => so + value, 0) / values.length;

/** Which row has the extreme value: the first of several. */
const best = (column: Column, sign: number): number =>
  column.reduce<number>((at, value, i) => {
    const so = column[at] ?? null;
    return value !== null && (so === null || compare(value, so) * sign > 0) ? i : at;
  }, 0);

const extreme =
  (sign: number): Aggregate =>
  (column = []) =>
    column[best(column, sign)] ?? null;

const several = (values: readonly Value[]): Value => (values.length === 1 ? (values[0] ?? null) : values);

const rowOfExtreme =
  (sign: number): Aggregate =>
  (by = [], ...columns) => {
    const at = best(by, sign);
    return several([by, ...columns].map((column) => column[at] ?? null));
  };

/** A set takes the elements of arrays. */
const makeSet: Aggregate = (column = [], size = []) => {
  const values = distinct(filled(column).flatMap((value) => (isArray(value) ? value : [value])));
  return size.length === 0 ? values : values.slice(0, Number(size[0]));
};

/** The smallest value that at least this share of the weights does not exceed. */
function percentile(column: Column, weights: readonly number[], percent: Value): Value {
  const sorted = column
    .map((value, i) => ({ value, weight: weights[i] ?? 0 }))
    .filter(({ value, weight }) => value !== null && weight > 0)
    .toSorted((a, b) => compare(a.value, b.value));
  const all = sorted.reduce((so, { weight }) => so + weight, 0);
  let reached = 0;
  return sorted.find(({ weight }) => (reached += weight) >= (all * Number(percent)) / 100)?.value ?? null;
}

const count: Aggregate = (column = []) => BigInt(column.length);

const dcount: Aggregate = (column = []) => BigInt(distinct(filled(column)).length);

/** Of the rows alone that meet the condition, which is the second argument. */
const where =
  (apply: Aggregate): Aggregate =>
  (column = [], condition = [], ...more) =>
    apply(...[column, ...more].map((one) => one.filter((_, i) => condition[i] === true)));

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count,
  countif: (condition = []) => count(condition.filter((value) => value === true)),
  dcount,
  dcountif: where(dcount),
  sum,
  sumif: where(sum),
  min: extreme(-1),
  minif: where(extreme(-1)),
  max: extreme(1),
  maxif: where(extreme(1)),
  avg: (column = []) => mean(numbers(column)),
  stdev: (column = []) => {
    const values = numbers(column);
    const average = mean(values);
    const squares = values.reduce((so, value) => so + (value - average) ** 2, 0);
    return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
  },
  percentile: (column = [], percent = []) =>
    percentile(
      column,
      column.map(() => 1),
      percent[0] ?? null,
    ),
  percentilesw: (column = [], weights = [], ...percents) =>
    several(percents.map((percent) => percentile(column, numbers(weights), percent[0] ?? null))),
  make_set: makeSet,
  make_set_if: where(makeSet),
  arg_max: rowOfExtreme(1),
  arg_min: rowOfExtreme(-1),
  take_any: (column = []) => column.find((value) => value !== null && value !== '') ?? column[0] ?? null,
};
