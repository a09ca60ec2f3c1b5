import { arithmetic } from './arithmetic';
import { type At, type Evaluate, indexOf, noRow, type Scope } from './scope';
import type { Syntax } from './syntax';
import { textOf, type Value } from './values';

type RowFunction = (args: readonly Evaluate[], scope: Scope, call: Syntax) => Evaluate;

/** A value for each row that depends on the rows before; computed once for a list of rows. */
function running(step: (before: Value, at: At) => Value): Evaluate {
  const known = new WeakMap<readonly unknown[], Value[]>();
  return ({ rows, index }) => {
    let values = known.get(rows);
    if (!values) {
      values = [];
      for (const [i, row] of rows.entries()) values.push(step(values.at(-1) ?? null, { row, rows, index: i }));
      known.set(rows, values);
    }
    return values[index] ?? null;
  };
}

function only(args: readonly Evaluate[], call: Syntax): Evaluate {
  const [first, ...more] = args;
  if (!first || more.length > 0) throw call.error('the evaluator knows it with one argument');
  return first;
}

/** Functions that need more than the values of their arguments: other rows, the columns, the clock. */
export const rowFunctions: Readonly<Record<string, RowFunction>> = {
  prev: (args, _, call) => {
    const value = only(args, call);
    return ({ rows, index }) => {
      const row = rows[index - 1];
      return row ? value({ row, rows, index: index - 1 }) : null;
    };
  },
  row_cumsum: ([term, restart]) =>
    running((before, at) => {
      const value = term?.(at) ?? null;
      if (before === null || restart?.(at) === true) return value;
      return value === null ? before : arithmetic('+', before, value);
    }),
  now: (args, { query }, call) => {
    if (args.length > 0) throw call.error('the evaluator knows it without arguments');
    return () => query.now;
  },
  ago: (args, { query }, call) => {
    const span = only(args, call);
    return (at) => arithmetic('-', query.now, span(at));
  },
  ingestion_time:
    (_, { query }, call) =>
    ({ row }) => {
      const stored = query.storedAt.get(row);
      if (!stored) throw call.error('when this row was stored is known only directly behind its table and where');
      return stored;
    },
  column_ifexists: ([name, otherwise], { columns }, call) => {
    if (!name || !otherwise) throw call.error('it lacks an argument');
    const index = indexOf(columns, textOf(name(noRow)));
    return index < 0 ? otherwise : ({ row }) => row[index] ?? null;
  },
  pack_all:
    ([leavesOutEmpty], { columns }) =>
    (at) => {
      const pairs = columns.map(([name], i): [string, Value] => [name, at.row[i] ?? null]);
      const isAll = leavesOutEmpty?.(at) !== true;
      return new Map(pairs.filter(([, value]) => isAll || (value !== null && value !== '')));
    },
};
