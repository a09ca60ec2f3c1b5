import { arithmetic } from './numberFunctions';
import { type At, type Compile, type Evaluate, indexOf, type Scope } from './scope';
import type { Syntax } from './syntax';
import { isNumber, type Value } from './values';

type RowFunction = (args: readonly Syntax[], scope: Scope, compile: Compile, call: Syntax) => Evaluate;

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

const neighbour =
  (sign: number): RowFunction =>
  ([value, offset, otherwise], scope, compile, call) => {
    if (!value) throw call.error('it lacks its value');
    const [read, by, missing] = [
      compile(value, scope),
      offset && compile(offset, scope),
      otherwise && compile(otherwise, scope),
    ];
    return (at) => {
      const distance = by?.(at) ?? 1n;
      if (!isNumber(distance)) throw call.error('its offset is no number');
      const index = at.index + sign * Number(distance);
      const row = at.rows[index];
      return row ? read({ row, rows: at.rows, index }) : (missing?.(at) ?? null);
    };
  };

const compiled = (args: readonly Syntax[], scope: Scope, compile: Compile): (Evaluate | undefined)[] =>
  args.map((arg) => compile(arg, scope));

/** Functions that need more than the values of their arguments: other rows, the columns, the clock. */
export const rowFunctions: Readonly<Record<string, RowFunction>> = {
  prev: neighbour(-1),
  next: neighbour(1),
  row_number: (args, scope, compile) => {
    const [start, restart] = compiled(args, scope, compile);
    return running((before, at) => {
      const first = start?.(at) ?? 1n;
      return before === null || restart?.(at) === true ? first : arithmetic('+', before, 1n);
    });
  },
  row_cumsum: (args, scope, compile) => {
    const [term, restart] = compiled(args, scope, compile);
    return running((before, at) => {
      const value = term?.(at) ?? null;
      return before === null || restart?.(at) === true
        ? value
        : value === null
          ? before
          : arithmetic('+', before, value);
    });
  },
  now: (args, scope, compile) => {
    const [offset] = compiled(args, scope, compile);
    return (at) => (offset ? arithmetic('+', scope.query.now, offset(at)) : scope.query.now);
  },
  ago: (args, scope, compile) => {
    const [span] = compiled(args, scope, compile);
    return (at) => arithmetic('-', scope.query.now, span?.(at) ?? null);
  },
  ingestion_time:
    (_, { query }, __, call) =>
    ({ row }) => {
      const stored = query.storedAt.get(row);
      if (!stored) throw call.error('when this row was stored is known only directly behind its table and where');
      return stored;
    },
  column_ifexists: ([name, otherwise], scope, compile, call) => {
    if (!name || !otherwise) throw call.error('it lacks an argument');
    const index = indexOf(scope.columns, name.literalText);
    return index >= 0 ? ({ row }) => row[index] ?? null : compile(otherwise, scope);
  },
  pack_all: (args, { columns }) => {
    const leavesOut = args[0]?.text === 'true';
    return ({ row }) =>
      new Map(
        columns.flatMap(([name], i) =>
          leavesOut && ['', null].includes(textOrNull(row[i])) ? [] : [[name, row[i] ?? null]],
        ),
      );
  },
};

const textOrNull = (value: Value | undefined): string | null =>
  typeof value === 'string' ? value : value === null || value === undefined ? null : 'filled';
