import { arithmetic } from './numberFunctions';
import { type At, type Compile, type Evaluate, indexOf, type Row, type Scope } from './scope';
import { KqlError, type Syntax } from './syntax';
import { compare, isArray, isBag, isNumber, keyOf, type Value } from './values';

type Aggregate = (args: readonly Syntax[], scope: Scope, compile: Compile) => Evaluate;

/** The values of the arguments for each row of the group. */
type Columns = readonly (readonly Value[])[];

const each = (at: At, evaluate: Evaluate): Value[] =>
  at.rows.map((row, index) => evaluate({ row, rows: at.rows, index }));

/** An aggregate of values; of the rows alone that meet the condition, which is argument number `condition`. */
const of =
  (apply: (columns: Columns) => Value, condition?: number): Aggregate =>
  (args, scope, compile) => {
    const inner: Scope = { ...scope, isGroup: false };
    const evaluates = args.map((arg) => (arg.kind === 'StarExpression' ? () => true : compile(arg, inner)));
    return (at) => {
      const columns = evaluates.map((evaluate) => each(at, evaluate));
      if (condition === undefined) return apply(columns);
      const kept = columns.map((column) => column.filter((_, i) => columns[condition]?.[i] === true));
      return apply(kept.toSpliced(condition, 1));
    };
  };

const filled = (column: readonly Value[] | undefined): Value[] => (column ?? []).filter((value) => value !== null);
const distinct = (values: readonly Value[]): Value[] => [
  ...new Map(values.map((value) => [keyOf(value), value])).values(),
];

const total = ([column]: Columns): Value => {
  const [first = 0n, ...others] = filled(column);
  return others.reduce<Value>((so, value) => arithmetic('+', so, value), first);
};

const mean = (columns: Columns): Value => {
  const { length } = filled(columns[0]);
  return length === 0 ? Number.NaN : arithmetic('/', total(columns), length);
};

const variance = ([column]: Columns): number => {
  const values = filled(column).map((value) => {
    if (!isNumber(value)) throw new KqlError('a deviation of values that are no numbers');
    return Number(value);
  });
  if (values.length < 2) return 0;
  const average = values.reduce((so, value) => so + value, 0) / values.length;
  return values.reduce((so, value) => so + (value - average) ** 2, 0) / (values.length - 1);
};

const extreme =
  (sign: number) =>
  ([column]: Columns): Value =>
    filled(column).reduce<Value>(
      (best, value) => (best === null || order(value, best) * sign > 0 ? value : best),
      null,
    );

function order(a: Value, b: Value): number {
  const found = compare(a, b);
  if (found === undefined) throw new KqlError('an aggregate compares values without an order');
  return found;
}

const list =
  (isSet: boolean) =>
  ([column, size]: Columns): Value => {
    // A set takes the elements of arrays.
    const values = isSet
      ? distinct(filled(column).flatMap((value) => (isArray(value) ? value : [value])))
      : filled(column);
    const most = size?.[0];
    return isNumber(most ?? null) ? values.slice(0, Number(most)) : values;
  };

const distinctCount = ([column]: Columns): Value => BigInt(distinct(filled(column)).length);

/** The smallest value that at least this share of the weights does not exceed. */
function nearest(values: readonly (readonly [Value, number])[], percent: Value): Value {
  const sorted = values.filter(([value, weight]) => value !== null && weight > 0).toSorted(([a], [b]) => order(a, b));
  const all = sorted.reduce((so, [, weight]) => so + weight, 0);
  let reached = 0;
  return sorted.find(([, weight]) => (reached += weight) >= (all * Number(percent)) / 100)?.[0] ?? null;
}

const percentiles = (isWeighted: boolean): Aggregate => {
  const first = isWeighted ? 2 : 1;
  return (args, scope, compile) => {
    const inner: Scope = { ...scope, isGroup: false };
    const [value, weight] = args.slice(0, first).map((arg) => compile(arg, inner));
    const asked = args.slice(first).map((arg) => compile(arg, { ...inner, columns: [] }));
    return (at) => {
      const weights = weight ? each(at, weight) : [];
      const values = value ? each(at, value) : [];
      const pairs = values.map((one, i): [Value, number] => [one, weight ? Number(weights[i]) : 1]);
      const results = asked.map((percent) => nearest(pairs, percent(at)));
      return results.length === 1 ? (results[0] ?? null) : results;
    };
  };
};

/** The row in which the first argument is extreme, of its other arguments; several values unless it has one argument. */
const argExtreme =
  (sign: number): Aggregate =>
  ([by, ...args], scope, compile) => {
    if (!by) throw new KqlError('arg_max() and arg_min() need an argument');
    const inner: Scope = { ...scope, isGroup: false };
    const value = compile(by, inner);
    const others = args.flatMap((arg) => columnsOf(arg, scope, compile, by.name));
    return (at) => {
      let best: { readonly row: Row; readonly value: Value; readonly index: number } | undefined;
      for (const [index, row] of at.rows.entries()) {
        const one = value({ row, rows: at.rows, index });
        const isBetter = !best || (one !== null && (best.value === null || order(one, best.value) * sign > 0));
        if (isBetter) best = { row, value: one, index };
      }
      const found = best && { row: best.row, rows: at.rows, index: best.index };
      return [best?.value ?? null, ...others.map((other) => (found ? other(found) : null))];
    };
  };

/** An argument, or for `*` each column that the result does not have yet. */
function columnsOf(arg: Syntax, scope: Scope, compile: Compile, by: string): Evaluate[] {
  if (arg.kind !== 'StarExpression') return [compile(arg, { ...scope, isGroup: false })];
  return scope.columns
    .filter(([name]) => name !== by && !scope.keys?.includes(name))
    .map(
      ([name]): Evaluate =>
        ({ row }) =>
          row[indexOf(scope.columns, name)] ?? null,
    );
}

const takeAny: Aggregate = (args, scope, compile) => {
  const values = args.flatMap((arg) => columnsOf(arg, scope, compile, ''));
  return (at) => {
    const firsts = values[0] ? each(at, values[0]) : [];
    const index = Math.max(
      0,
      firsts.findIndex((one) => one !== null && one !== ''),
    );
    const row = at.rows[index];
    const results = values.map((value) => (row ? value({ row, rows: at.rows, index }) : null));
    return results.length === 1 ? (results[0] ?? null) : results;
  };
};

const bag = ([column]: Columns): Value => {
  const all = filled(column);
  if (!all.every(isBag)) throw new KqlError('make_bag() of values that are no bags');
  return all.length === 0 ? [] : new Map(all.flatMap((one) => Array.from(one)));
};

const bits =
  (apply: (a: bigint, b: bigint) => bigint) =>
  ([column]: Columns): Value =>
    filled(column).reduce<Value>(
      (so, value) => (typeof so === 'bigint' && typeof value === 'bigint' ? apply(so, value) : value),
      null,
    );

export const aggregates: Readonly<Record<string, Aggregate>> = {
  count:
    () =>
    ({ rows }) =>
      BigInt(rows.length),
  countif: of(([column]) => BigInt(column?.filter((value) => value === true).length ?? 0)),
  dcount: of(distinctCount),
  dcountif: of(distinctCount, 1),
  sum: of(total),
  sumif: of(total, 1),
  min: of(extreme(-1)),
  minif: of(extreme(-1), 1),
  max: of(extreme(1)),
  maxif: of(extreme(1), 1),
  avg: of(mean),
  stdev: of((columns) => Math.sqrt(variance(columns))),
  variance: of(variance),
  percentile: percentiles(false),
  percentiles: percentiles(false),
  percentilesw: percentiles(true),
  make_set: of(list(true)),
  make_set_if: of(list(true), 1),
  make_list: of(list(false)),
  make_list_if: of(list(false), 1),
  make_bag: of(bag),
  make_bag_if: of(bag, 1),
  arg_max: argExtreme(1),
  arg_min: argExtreme(-1),
  take_any: takeAny,
  binary_all_or: of(bits((a, b) => a | b)),
  binary_all_and: of(bits((a, b) => a & b)),
};
