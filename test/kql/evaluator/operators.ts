import { compile, constantOf } from './expressions';
import { type At, type Evaluate, eachRow, indexOf, type Row, type Scope, type Table } from './scope';
import type { Column, Syntax } from './syntax';
import { compare, conversions, isArray, isBag, isNumber, keyOf, type Value } from './values';

/** An operator behind a table. */
export interface Step {
  readonly node: Syntax;
  readonly operands: readonly Syntax[];
  /** `name=value` */
  readonly parameters: ReadonlyMap<string, string>;
  readonly input: Table;
  readonly scope: Scope;
  /** Of the result. */
  readonly output: readonly Column[];
}

type Operator = (step: Step) => readonly Row[];

const knownParameters: Readonly<Record<string, readonly string[]>> = {
  JoinOperator: ['kind'],
  MvExpandOperator: ['kind'],
  UnionOperator: ['isfuzzy', 'withsource'],
};

const isParameter = ({ kind }: Syntax): boolean => kind === 'NamedParameter';

export function stepOf(node: Syntax, input: Table, scope: Scope, output: readonly Column[]): Step {
  const pairs = node.parts.filter(isParameter).map((one): [string, string] => [one.part(0).name, one.part(1).text]);
  const known = knownParameters[node.kind] ?? [];
  // Hints change no result.
  const unknown = pairs.find(([name]) => !known.includes(name) && !name.startsWith('hint.'));
  if (unknown) throw node.error(`the evaluator does not know ${unknown.join('=')}`);
  const operands = node.parts.filter((part) => !isParameter(part));
  const { query, names } = scope;
  return { node, operands, parameters: new Map(pairs), input, scope: { query, names, columns: input.columns }, output };
}

/** The values of several expressions for a row; one with several values gives them all. */
function several(parts: readonly Syntax[], scope: Scope): (at: At) => Value[] {
  const compiled = parts.map((part) => ({ isTuple: part.type === 'tuple', evaluate: compile(part, scope) }));
  return (at) =>
    compiled.flatMap(({ isTuple, evaluate }) => {
      const value = evaluate(at);
      return isTuple && isArray(value) ? value : [value];
    });
}

const project: Operator = ({ operands, input: { rows }, scope }) => {
  const values = operands.map((part) => compile(part, scope));
  return eachRow(rows, (at) => values.map((value) => value(at)));
};

const extend: Operator = ({ node, operands, input: { columns, rows }, scope, output }) => {
  const sources = output.map(([name]): Evaluate => {
    const made = operands.find((part) => part.kind === 'SimpleNamedExpression' && part.part(0).name === name);
    const index = indexOf(columns, name);
    if (made) return compile(made, scope);
    if (index < 0) throw node.error(`the evaluator does not know what ${name} is`);
    return ({ row }) => row[index] ?? null;
  });
  return eachRow(rows, (at) => sources.map((source) => source(at)));
};

const isBy = ({ kind }: Syntax): boolean => kind === 'SummarizeByClause';

const summarize: Operator = ({ operands, input: { rows }, scope }) => {
  const by = operands.find(isBy)?.parts ?? [];
  const keys = by.map((part) => compile(part, scope));
  const names = by.map((part) => (part.kind === 'SimpleNamedExpression' ? part.part(0).name : part.name));
  const aggregates = several(
    operands.filter((part) => !isBy(part)),
    { ...scope, keys: names },
  );
  const groups = new Map<string, { readonly key: Value[]; readonly rows: Row[] }>();
  if (by.length === 0) groups.set('[]', { key: [], rows: [] });
  for (const [index, row] of rows.entries()) {
    const at = { row, rows, index };
    const key = keys.map((value) => value(at));
    const text = JSON.stringify(key.map(keyOf));
    const group = groups.get(text) ?? { key, rows: [] };
    groups.set(text, group);
    group.rows.push(row);
  }
  return [...groups.values()].map((group) =>
    group.key.concat(aggregates({ row: group.rows[0] ?? [], rows: group.rows, index: 0 })),
  );
};

const distinct: Operator = (step) => {
  const rows = step.operands.some(({ kind }) => kind === 'StarExpression') ? step.input.rows : project(step);
  return [...new Map(rows.map((row) => [JSON.stringify(row.map(keyOf)), row])).values()];
};

/** By several expressions; without a word the largest first, nulls last; `asc` has nulls first. */
function sorted({ rows }: Table, parts: readonly Syntax[], scope: Scope): Row[] {
  const keys = parts.map((part) => {
    const words = new Set(part.all().flatMap(({ kind, tokens }) => (kind.startsWith('Ordering') ? tokens : [])));
    if (words.has('nulls')) throw part.error('the evaluator does not know nulls first and last');
    const value = compile(part.kind === 'OrderedExpression' ? part.part(0) : part, scope);
    return { sign: words.has('asc') ? 1 : -1, values: eachRow(rows, value) };
  });
  const order = (i: number, j: number): number => {
    for (const { sign, values } of keys) {
      const [a = null, b = null] = [values[i], values[j]];
      const found = a === null || b === null ? Number(a !== null) - Number(b !== null) : compare(a, b);
      if (found !== 0) return sign * found;
    }
    return 0;
  };
  const indexes = rows.map((_, i) => i).toSorted(order);
  return indexes.flatMap((i) => rows.slice(i, i + 1));
}

function numberIn(node: Syntax | undefined, scope: Scope): number {
  const value = node ? constantOf(node, { ...scope, columns: [] }) : null;
  if (!isNumber(value)) throw new Error('a number of rows is needed');
  return Number(value);
}

/** A row for each element of an array or each property of a bag. */
const mvExpand: Operator = ({ node, operands, parameters, input: { rows }, scope, output }) => {
  const [operand, ...more] = operands;
  if (!operand || more.length > 0) throw node.error('the evaluator knows it with one column');
  const [column = operand, ...to] = operand.kind === 'MvExpandExpression' ? operand.parts : [operand];
  const target = indexOf(output, column.name);
  const convert = conversions[to.length > 0 ? (output[target]?.[1] ?? '') : 'none'];
  const itemsOf = (value: Value): readonly Value[] => {
    if (isBag(value) && parameters.get('kind') === 'array') return [...value];
    if (isBag(value)) throw node.error('the evaluator knows bags with kind=array alone');
    return isArray(value) && value.length > 0 ? value : [isArray(value) ? null : value];
  };
  if (target < 0) throw node.error('the column has no name');
  const value = compile(column, scope);
  return rows.flatMap((row, index) =>
    itemsOf(value({ row, rows, index })).map((item) => row.toSpliced(target, 1, convert ? convert(item) : item)),
  );
};

export const operators: Readonly<Record<string, Operator>> = {
  FilterOperator: ({ node, operands: [condition = node], input: { rows }, scope }) => {
    const isMet = compile(condition, scope);
    return rows.filter((row, index) => isMet({ row, rows, index }) === true);
  },
  ExtendOperator: extend,
  ProjectOperator: project,
  ProjectAwayOperator: ({ input: { columns, rows }, output }) => {
    const indexes = output.map(([name]) => indexOf(columns, name));
    return rows.map((row) => indexes.map((index) => row[index] ?? null));
  },
  SummarizeOperator: summarize,
  DistinctOperator: distinct,
  SortOperator: ({ operands, input, scope }) => sorted(input, operands, scope),
  TopOperator: ({ operands: [count, ...by], input, scope }) =>
    sorted(input, by, scope).slice(0, numberIn(count, scope)),
  TakeOperator: ({ operands: [count], input: { rows }, scope }) => rows.slice(0, numberIn(count, scope)),
  CountOperator: ({ input: { rows } }) => [[BigInt(rows.length)]],
  MvExpandOperator: mvExpand,
};
