import { arithmetic } from './arithmetic';
import { bodyOf, constantOf } from './expressions';
import { joins } from './joins';
import { operators, stepOf } from './operators';
import type { Row, Scope, Table } from './scope';
import type { Column, Syntax } from './syntax';
import { compare, settle, type Value } from './values';

/** The rows of an expression that is a table. */
export function tableOf(node: Syntax, scope: Scope): Table {
  const make = sources[node.kind];
  if (!make) throw node.error(`the evaluator does not know ${node.kind}`);
  return make(node, scope);
}

/** The rows as the binder says that they are; a row of another length is a fault of the evaluator. */
function table(node: Syntax, columns: readonly Column[], rows: readonly Row[]): Table {
  const wrong = rows.find(({ length }) => length !== columns.length);
  if (wrong) throw node.error(`a row has ${wrong.length} values for ${columns.length} columns`);
  const settled = (value: Value, i: number): Value => settle(value, columns[i]?.[1] ?? '');
  const isSettled = (row: Row): boolean => row.every((value, i) => settled(value, i) === value);
  return { columns, rows: rows.map((row) => (isSettled(row) ? row : row.map(settled))) };
}

const nothing: Table = { columns: [], rows: [] };

export const sources: Readonly<Record<string, (node: Syntax, scope: Scope) => Table>> = {
  ParenthesizedExpression: (node, scope) => tableOf(node.part(0), scope),
  MaterializeExpression: (node, scope) => tableOf(node.part(0), scope),
  NameReference: named,
  FunctionCallExpression: called,
  PipeExpression: (node, scope) => piped(tableOf(node.part(0), scope), node.part(1), node.columns, scope),
  UnionOperator: (node, scope) => piped(nothing, node, node.columns, scope),
  DataTableExpression: (node, scope) => {
    const { columns } = node;
    const values = node.parts.filter(({ kind }) => kind !== 'RowSchema').map((value) => constantOf(value, scope));
    const count = values.length / columns.length;
    const rows = Array.from({ length: count }, (_, i) => values.slice(i * columns.length, (i + 1) * columns.length));
    return table(node, columns, rows);
  },
  PrintOperator: (node, scope) => table(node, node.columns, [node.parts.map((part) => constantOf(part, scope))]),
  RangeOperator: (node, scope) => {
    const [from = null, to = null, step = null] = node.parts.slice(1).map((part) => constantOf(part, scope));
    const rows: Row[] = [];
    for (let value = from; compare(value, to) <= 0; value = arithmetic('+', value, step)) rows.push([value]);
    return table(node, node.columns, rows);
  },
};

function named(node: Syntax, scope: Scope): Table {
  const binding = scope.names.get(node.name);
  if (binding?.kind === 'function') return called(node, scope);
  if (binding?.kind === 'table') return binding.table();
  const found = binding ? undefined : scope.query.tables.get(node.name);
  if (!found) throw node.error('the evaluator knows no table of this name');
  return found;
}

function called(node: Syntax, scope: Scope): Table {
  if (!node.body) throw node.error('the evaluator does not know this function');
  return tableOf(...bodyOf(node, node.body, scope));
}

function piped(input: Table, operator: Syntax, columns: readonly Column[], scope: Scope): Table {
  const apply = operators[operator.kind] ?? joins[operator.kind];
  if (!apply) throw operator.error(`the evaluator does not know ${operator.kind}`);
  return table(operator, columns, apply(stepOf(operator, input, scope, columns)));
}
