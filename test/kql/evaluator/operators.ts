import { compile, constantOf } from './expressions';
import { parseRows } from './parseOperator';
import { type Evaluate, indexOf, type Row, type Scope, type Table } from './scope';
import type { Column, Syntax } from './syntax';
import { compare, conversions, isArray, isBag, isNumber, keyOf, type Value } from './values';

type Operator = (input: Table, node: Syntax, scope: Scope, output: readonly Column[]) => readonly Row[];

/** The `name=value` of an operator; only those that it knows, and hints, which change no result. */
export function settings(node: Syntax, known: readonly string[] = []): ReadonlyMap<string, string> {
  const pairs = node.parts
    .filter(({ kind }) => kind === 'NamedParameter')
    .map((one): [string, string] => [one.part(0).name, one.part(1).text]);
  const unknown = pairs.find(([name]) => !known.includes(name) && !name.startsWith('hint.'));
  if (unknown) throw node.error(`the evaluator does not know ${unknown.join('=')}`);
  return new Map(pairs);
}

export const partsOf = (node: Syntax): readonly Syntax[] => node.parts.filter(({ kind }) => kind !== 'NamedParameter');

const eachRow = ({ rows }: Table, evaluate: Evaluate): Value[] =>
  rows.map((row, index) => evaluate({ row, rows, index }));

/** The values of several expressions for a row; one with several values gives them all. */
function several(parts: readonly Syntax[], scope: Scope): (at: Parameters<Evaluate>[0]) => Value[] {
  const compiled = parts.map((part) => ({ isTuple: part.type === 'tuple', evaluate: compile(part, scope) }));
  return (at) =>
    compiled.flatMap(({ isTuple, evaluate }) => {
      const value = evaluate(at);
      return isTuple && isArray(value) ? value : [value];
    });
}

const project: Operator = (input, node, scope) => {
  const values = several(partsOf(node), scope);
  return input.rows.map((row, index) => values({ row, rows: input.rows, index }));
};

/** Columns of the input, by their names in the output. */
const select: Operator = ({ columns, rows }, _, __, output) => {
  const indexes = output.map(([name]) => indexOf(columns, name));
  return rows.map((row) => indexes.map((index) => row[index] ?? null));
};

const extend: Operator = (input, node, scope, output) => {
  settings(node);
  const parts = partsOf(node);
  const own = parts.map((part) =>
    part.kind === 'SimpleNamedExpression' ? part.part(0).name : part.kind === 'NameReference' ? part.name : undefined,
  );
  const fresh = output.filter(([name]) => indexOf(input.columns, name) < 0 && !own.includes(name));
  const names = own.map((name) => name ?? fresh.shift()?.[0] ?? '');
  const targets = names.map((name) => indexOf(output, name));
  const evaluates = parts.map((part) => compile(part, scope));
  if (parts.some(({ type }) => type === 'tuple') || targets.includes(-1))
    throw node.error('several values in one column');
  const kept = output.map(([name]) => indexOf(input.columns, name));
  return input.rows.map((row, index) => {
    const made = kept.map((from) => row[from] ?? null);
    for (const [i, evaluate] of evaluates.entries()) made[targets[i] ?? 0] = evaluate({ row, rows: input.rows, index });
    return made;
  });
};

const summarize: Operator = (input, node, scope) => {
  settings(node);
  const by = partsOf(node).find(({ kind }) => kind === 'SummarizeByClause')?.parts ?? [];
  const keys = several(by, scope);
  const names = by.map((part) => (part.kind === 'SimpleNamedExpression' ? part.part(0).name : part.name));
  const aggregates = several(
    partsOf(node).filter(({ kind }) => kind !== 'SummarizeByClause'),
    { ...scope, isGroup: true, keys: names },
  );
  const groups = new Map<string, { readonly key: Value[]; readonly rows: Row[] }>();
  if (by.length === 0) groups.set('', { key: [], rows: [] });
  for (const [index, row] of input.rows.entries()) {
    const key = keys({ row, rows: input.rows, index });
    const text = JSON.stringify(key.map(keyOf));
    const group = groups.get(by.length === 0 ? '' : text) ?? { key, rows: [] };
    groups.set(by.length === 0 ? '' : text, group);
    group.rows.push(row);
  }
  return [...groups.values()].map(({ key, rows }) => key.concat(aggregates({ row: rows[0] ?? [], rows, index: 0 })));
};

const distinct: Operator = (input, node, scope) => {
  const parts = partsOf(node);
  const rows = parts.some(({ kind }) => kind === 'StarExpression') ? input.rows : project(input, node, scope, []);
  return [...new Map(rows.map((row) => [JSON.stringify(row.map(keyOf)), row])).values()];
};

/** By several expressions; without a word the largest first, nulls last; `asc` has nulls first. */
function sorted(input: Table, parts: readonly Syntax[], scope: Scope): Row[] {
  const keys = parts.map((part) => {
    const words = new Set(part.all().flatMap(({ kind, tokens }) => (kind.startsWith('Ordering') ? tokens : [])));
    const isAscending = words.has('asc');
    const nullsFirst = words.has('nulls') ? words.has('first') : isAscending;
    const value = compile(part.kind === 'OrderedExpression' ? part.part(0) : part, scope);
    return { sign: isAscending ? 1 : -1, nulls: nullsFirst ? -1 : 1, values: eachRow(input, value) };
  });
  const order = (i: number, j: number): number => {
    for (const { sign, nulls, values } of keys) {
      const [a, b] = [values[i] ?? null, values[j] ?? null];
      const found =
        a === null || b === null ? (a === b ? 0 : a === null ? nulls : -nulls) : sign * (compare(a, b) ?? 0);
      if (found !== 0) return found;
    }
    return 0;
  };
  const indexes = input.rows.map((_, i) => i).toSorted(order);
  return indexes.flatMap((i) => input.rows.slice(i, i + 1));
}

const number = (node: Syntax, scope: Scope): number => {
  const value = constantOf(node, { ...scope, columns: [] });
  if (!isNumber(value)) throw node.error('a number of rows is needed');
  return Number(value);
};

/** The values that mv-expand makes of one: of an array, of the properties of a bag, or the value itself. */
function expanded(value: Value, asArrays: boolean): readonly Value[] {
  if (isArray(value)) return value.length === 0 ? [null] : value;
  if (isBag(value)) return [...value].map(([key, one]) => (asArrays ? [key, one] : new Map([[key, one]])));
  return [value];
}

const mvExpand: Operator = (input, node, scope, output) => {
  const known = settings(node, ['kind', 'bagexpansion', 'with_itemindex']);
  const asArrays = (known.get('kind') ?? known.get('bagexpansion')) === 'array';
  const [...parts] = partsOf(node);
  const limit =
    parts.at(-1)?.kind === 'MvExpandRowLimitClause'
      ? number(parts.pop()?.part(0) ?? node, scope)
      : Number.POSITIVE_INFINITY;
  const made = parts.map((part) => {
    const [value = part, ...to] = part.kind === 'MvExpandExpression' ? part.parts : [part];
    const name = value.kind === 'SimpleNamedExpression' ? value.part(0).name : value.name;
    const target = indexOf(output, name);
    const type = to.length > 0 ? (output[target]?.[1] ?? '') : 'dynamic';
    return { target, type, evaluate: compile(value, scope) };
  });
  const itemIndex = indexOf(output, known.get('with_itemindex') ?? '');
  if (made.some(({ target }) => target < 0)) throw node.error('a column without a name');
  const kept = output.map(([name]) => indexOf(input.columns, name));
  return input.rows.flatMap((row, index) => {
    const lists = made.map(({ evaluate }) => expanded(evaluate({ row, rows: input.rows, index }), asArrays));
    const length = Math.min(limit, Math.max(...lists.map((list) => list.length)));
    return Array.from({ length }, (_, i) => {
      const result = kept.map((from) => row[from] ?? null);
      for (const [j, { target, type }] of made.entries()) {
        const value = lists[j]?.[i] ?? null;
        result[target] = type === 'dynamic' ? value : (conversions[type]?.(value) ?? null);
      }
      if (itemIndex >= 0) result[itemIndex] = BigInt(i);
      return result;
    });
  });
};

/** .NET's names of Kusto's types. */
const typeNames: Readonly<Record<string, string>> = {
  string: 'System.String',
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  dynamic: 'System.Object',
};

export const operators: Readonly<Record<string, Operator>> = {
  FilterOperator: (input, node, scope) => {
    settings(node);
    const [condition = node] = partsOf(node);
    const met = eachRow(input, compile(condition, scope));
    return input.rows.filter((_, index) => met[index] === true);
  },
  ExtendOperator: extend,
  SerializeOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: select,
  ProjectKeepOperator: select,
  ProjectReorderOperator: select,
  ProjectRenameOperator: ({ rows }) => rows,
  SummarizeOperator: summarize,
  DistinctOperator: distinct,
  SortOperator: (input, node, scope) => {
    settings(node);
    return sorted(input, partsOf(node), scope);
  },
  TopOperator: (input, node, scope) => {
    settings(node);
    const [count = node, ...by] = partsOf(node);
    return sorted(input, by, scope).slice(0, number(count, scope));
  },
  TakeOperator: ({ rows }, node, scope) => rows.slice(0, number(partsOf(node)[0] ?? node, scope)),
  CountOperator: ({ rows }) => [[BigInt(rows.length)]],
  MvExpandOperator: mvExpand,
  ParseOperator: parseRows,
  ParseWhereOperator: parseRows,
  GetSchemaOperator: ({ columns }, node) =>
    columns.map(([name, type], i) => {
      const dataType = typeNames[type];
      if (dataType === undefined) throw node.error(`the evaluator does not know the type ${type}`);
      return [name, BigInt(i), dataType, type];
    }),
};
