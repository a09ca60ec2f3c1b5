import { bodyOf, constantOf } from './expressions';
import { joins, union } from './joins';
import { arithmetic } from './numberFunctions';
import { operators } from './operators';

import type { Row, Scope, Table } from './scope';
import type { Column, Syntax } from './syntax';
import { compare, settle } from './values';

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
  const types = columns.map(([, type]) => type);
  const isSettled = (row: Row): boolean => row.every((value, i) => settle(value, types[i] ?? '') === value);
  return {
    columns,
    rows: rows.map((row) => (isSettled(row) ? row : row.map((value, i) => settle(value, types[i] ?? '')))),
  };
}

export const sources: Readonly<Record<string, (node: Syntax, scope: Scope) => Table>> = {
  ParenthesizedExpression: (node, scope) => tableOf(node.part(0), scope),
  MaterializeExpression: (node, scope) => tableOf(node.part(0), scope),
  NameReference: named,
  FunctionCallExpression: (node, scope) => called(node, scope),
  PipeExpression: (node, scope) => piped(tableOf(node.part(0), scope), node.part(1), node.columns, scope),
  UnionOperator: (node, scope) => table(node, node.columns, union(undefined, node, scope, node.columns)),
  DataTableExpression: (node, scope) => {
    const { columns } = node;
    const values = node.parts
      .filter(({ kind }) => kind !== 'RowSchema' && kind !== 'SchemaTypeExpression')
      .map((value) => constantOf(value, scope));
    const rows = Array.from({ length: values.length / columns.length }, (_, i) =>
      values.slice(i * columns.length, (i + 1) * columns.length),
    );
    return table(node, columns, rows);
  },
  PrintOperator: (node, scope) => table(node, node.columns, [node.parts.map((part) => constantOf(part, scope))]),
  RangeOperator: (node, scope) => {
    const [from, to, step] = node.parts.slice(1).map((part) => constantOf(part, scope));
    const rows: Row[] = [];
    let value = from ?? null;
    for (
      ;
      (compare(value, to ?? null) ?? 1) <= 0 && rows.length < 1_000_000;
      value = arithmetic('+', value, step ?? null)
    )
      rows.push([value]);
    return table(node, node.columns, rows);
  },
};

function named(node: Syntax, scope: Scope): Table {
  const { names, query } = scope;
  const binding = names.get(node.name);
  if (binding?.kind === 'function') return called(node, scope);
  if (binding?.kind === 'table') return binding.table();
  const found = binding ? undefined : query.tables.get(node.name);
  if (!found) throw node.error('the evaluator knows no table of this name');
  return found;
}

function called(node: Syntax, scope: Scope, input?: Table): Table {
  if (node.parts[0]?.name === 'materialize') return tableOf(node.part(1), scope);
  const { body } = node;
  if (!body) throw node.error('the evaluator does not know this function');
  const [expression, names] = bodyOf(node, body, scope, input && { kind: 'table', table: () => input });
  return tableOf(expression, { query: scope.query, columns: [], names });
}

function piped(input: Table, operator: Syntax, columns: readonly Column[], scope: Scope): Table {
  if (operator.kind === 'InvokeOperator') return called(operator.part(0), scope, input);
  const inner: Scope = { query: scope.query, names: scope.names, columns: input.columns };
  const apply = operators[operator.kind];
  if (apply) return table(operator, columns, apply(input, operator, inner, columns));
  const join = joins[operator.kind];
  if (!join) throw operator.error(`the evaluator does not know ${operator.kind}`);
  return table(operator, columns, join(input, operator, inner, columns));
}
