import { compile } from './expressions';
import type { Step } from './operators';
import { eachRow, indexOf, type Row, type Scope, type Table } from './scope';
import type { Syntax } from './syntax';
import { keyOf } from './values';

/** What each kind of join makes of a row, of those that match it and of a row without values. */
const kinds: Readonly<Record<string, (row: Row, matches: readonly Row[], none: Row) => Row[]>> = {
  inner: (row, matches) => matches.map((other) => row.concat(other)),
  leftouter: (row, matches, none) => (matches.length > 0 ? matches : [none]).map((other) => row.concat(other)),
  leftanti: (row, matches) => (matches.length > 0 ? [] : [row]),
};

/** The expression of one side of a condition: of `$left.a == $right.b`, or of a column that both have. */
function sideOf(condition: Syntax, side: '$left.' | '$right.'): Syntax {
  if (condition.kind !== 'EqualExpression') return condition;
  const found = condition.parts.find(({ text }) => text.startsWith(side));
  if (!found) throw condition.error('$left and $right are needed');
  return found.part(1);
}

/** The key of each row; undefined where a value is null, which equals nothing. */
function keysOf({ columns, rows }: Table, expressions: readonly Syntax[], scope: Scope): (string | undefined)[] {
  const evaluates = expressions.map((one) => compile(one, { ...scope, columns }));
  return eachRow(rows, (at) => {
    const values = evaluates.map((evaluate) => evaluate(at));
    return values.includes(null) ? undefined : JSON.stringify(values.map(keyOf));
  });
}

function join({ node, operands: [expression, clause], parameters, input, scope }: Step): readonly Row[] {
  const make = kinds[parameters.get('kind') ?? 'innerunique'];
  if (!make || !expression || !clause) throw node.error(`the evaluator knows kind=${Object.keys(kinds).join(', ')}`);
  const right = scope.query.tableOf(expression, { ...scope, columns: [] });
  const keysOn = (table: Table, side: '$left.' | '$right.'): (string | undefined)[] =>
    keysOf(
      table,
      clause.parts.map((condition) => sideOf(condition, side)),
      scope,
    );
  const rightKeys = keysOn(right, '$right.');
  const matches = new Map<string | undefined, Row[]>();
  for (const [i, row] of right.rows.entries()) {
    const key = rightKeys[i];
    if (key === undefined) continue;
    const same = matches.get(key) ?? [];
    matches.set(key, same);
    same.push(row);
  }
  const none = right.columns.map(() => null);
  const leftKeys = keysOn(input, '$left.');
  return input.rows.flatMap((row, i) => make(row, matches.get(leftKeys[i]) ?? [], none));
}

/** Whether the table at the beginning exists. */
function isKnown(node: Syntax, scope: Scope): boolean {
  const [first] = node.parts;
  if (node.kind === 'FunctionCallExpression') return node.body !== undefined;
  if (node.kind !== 'NameReference') return first ? isKnown(first, scope) : true;
  return scope.names.has(node.name) || scope.query.tables.has(node.name);
}

/** Columns of the same name and type become one; others are null in the rows of the other tables. */
function union({ node, operands, parameters, input, scope, output }: Step): readonly Row[] {
  const source = parameters.get('withsource');
  const parts = operands.filter((part) => parameters.get('isfuzzy') !== 'true' || isKnown(part, scope));
  const tables = parts.map((part) => ({
    name: part.kind === 'NameReference' ? part.name : undefined,
    table: scope.query.tableOf(part, { ...scope, columns: [] }),
  }));
  return [{ name: undefined, table: input }, ...tables].flatMap(({ name, table: { columns, rows } }) => {
    if (source !== undefined && name === undefined && columns.length > 0)
      throw node.error('the evaluator knows withsource for names of tables');
    const lost = columns.find(([own, type]) => !output.some(([column, other]) => column === own && other === type));
    if (lost) throw node.error(`the result has no column ${lost.join(': ')}`);
    const from = output.map(([column]) => indexOf(columns, column));
    return rows.map((row) =>
      output.map(([column], i) => (column === source ? (name ?? '') : (row[from[i] ?? -1] ?? null))),
    );
  });
}

export const joins: Readonly<Record<string, (step: Step) => readonly Row[]>> = {
  JoinOperator: join,
  UnionOperator: union,
};
