import { compile } from './expressions';
import { partsOf, settings } from './operators';
import { type Evaluate, type Row, type Scope, type Table } from './scope';
import type { Column, Syntax } from './syntax';
import { keyOf, type Value } from './values';

/** The two sides of `on`: of `$left.a == $right.b`, or of a column that both have. */
function conditions(node: Syntax, left: Scope, right: Scope): [Evaluate, Evaluate][] {
  const clause = node.parts.find(({ kind }) => kind === 'JoinOnClause');
  if (!clause) throw node.error('it lacks its condition');
  return clause.parts.map((part) => {
    if (part.kind !== 'EqualExpression') return [compile(part, left), compile(part, right)];
    const sides = [part.part(0), part.part(1)].toSorted((a, b) => a.text.localeCompare(b.text));
    const [one, other] = sides;
    if (!one?.text.startsWith('$left.') || !other?.text.startsWith('$right.'))
      throw part.error('$left and $right are needed');
    return [compile(one.part(1), left), compile(other.part(1), right)];
  });
}

/** The key of each row; undefined where a value is null, which equals nothing. */
function keysOf({ rows }: Table, evaluates: readonly Evaluate[]): (string | undefined)[] {
  return rows.map((row, index) => {
    const values = evaluates.map((evaluate) => evaluate({ row, rows, index }));
    return values.includes(null) ? undefined : JSON.stringify(values.map(keyOf));
  });
}

function indexed(keys: readonly (string | undefined)[]): ReadonlyMap<string, number[]> {
  const found = new Map<string, number[]>();
  for (const [i, key] of keys.entries()) {
    if (key === undefined) continue;
    const indexes = found.get(key) ?? [];
    indexes.push(i);
    found.set(key, indexes);
  }
  return found;
}

const nulls = (columns: readonly Column[]): Row => columns.map(() => null);

function matched(input: Table, node: Syntax, scope: Scope) {
  const [expression] = partsOf(node);
  if (!expression) throw node.error('it lacks its right side');
  const right = scope.query.tableOf(expression, { ...scope, columns: [] });
  const pairs = conditions(node, scope, { ...scope, columns: right.columns });
  const leftKeys = keysOf(
    input,
    pairs.map(([left]) => left),
  );
  const rightKeys = keysOf(
    right,
    pairs.map(([, other]) => other),
  );
  return { right, leftKeys, rightKeys };
}

const has = (keys: ReadonlyMap<string, unknown>, key: string | undefined): boolean =>
  key !== undefined && keys.has(key);

function join(input: Table, node: Syntax, scope: Scope): readonly Row[] {
  const kind = settings(node, ['kind']).get('kind') ?? 'innerunique';
  const { right, leftKeys, rightKeys } = matched(input, node, scope);
  const onRight = indexed(rightKeys);
  const pairsOf = (row: Row, key: string | undefined): Row[] =>
    (onRight.get(key ?? '') ?? []).flatMap((j) => right.rows.slice(j, j + 1).map((other) => row.concat(other)));
  const onLeft = indexed(leftKeys);
  const inner = input.rows.flatMap((row, i) => pairsOf(row, leftKeys[i]));
  const leftOnly = input.rows
    .filter((_, i) => !has(onRight, leftKeys[i]))
    .map((row) => row.concat(nulls(right.columns)));
  const rightOnly = right.rows
    .filter((_, j) => !has(onLeft, rightKeys[j]))
    .map((row) => nulls(input.columns).concat(row));
  switch (kind) {
    case 'inner':
      return inner;
    case 'innerunique': {
      const first = new Set([...onLeft.values()].map(([i]) => i));
      return input.rows.flatMap((row, i) => (first.has(i) ? pairsOf(row, leftKeys[i]) : []));
    }
    case 'leftouter':
      return input.rows.flatMap((row, i) =>
        has(onRight, leftKeys[i]) ? pairsOf(row, leftKeys[i]) : [[...row, ...nulls(right.columns)]],
      );
    case 'rightouter':
      return [...inner, ...rightOnly];
    case 'fullouter':
      return [...inner, ...leftOnly, ...rightOnly];
    case 'leftanti':
    case 'anti':
    case 'leftantisemi':
      return input.rows.filter((_, i) => !has(onRight, leftKeys[i]));
    case 'leftsemi':
      return input.rows.filter((_, i) => has(onRight, leftKeys[i]));
    case 'rightanti':
    case 'rightantisemi':
      return right.rows.filter((_, j) => !has(onLeft, rightKeys[j]));
    case 'rightsemi':
      return right.rows.filter((_, j) => has(onLeft, rightKeys[j]));
    default:
      throw node.error(`the evaluator does not know kind=${kind}`);
  }
}

/** The column of `$right.column`, or the name that both sides have. */
const rightSide = (part: Syntax): Syntax =>
  part
    .all()
    .find(({ kind, text }) => kind === 'PathExpression' && text.startsWith('$right.'))
    ?.part(1) ?? part;

/** As join, without the columns of the right side that the condition names. */
function lookup(input: Table, node: Syntax, scope: Scope): readonly Row[] {
  const kind = settings(node, ['kind']).get('kind') ?? 'leftouter';
  if (kind !== 'leftouter' && kind !== 'inner') throw node.error(`the evaluator does not know kind=${kind}`);
  const { right, leftKeys, rightKeys } = matched(input, node, scope);
  const clause = node.parts.find((part) => part.kind === 'JoinOnClause')?.parts ?? [];
  const named = new Set(clause.map((part) => rightSide(part).name));
  const kept = right.columns.flatMap(([name], i) => (named.has(name) ? [] : [i]));
  const onRight = indexed(rightKeys);
  return input.rows.flatMap((row, i) => {
    const found = onRight.get(leftKeys[i] ?? '') ?? [];
    if (found.length === 0) return kind === 'inner' ? [] : [[...row, ...kept.map(() => null)]];
    return found.map((j) => row.concat(kept.map((index): Value => right.rows[j]?.[index] ?? null)));
  });
}

/** Whether the table at the beginning exists. */
function isKnown(node: Syntax, scope: Scope): boolean {
  const first = node.parts[0];
  if (node.kind === 'FunctionCallExpression') return node.body !== undefined;
  if (node.kind !== 'NameReference') return first ? isKnown(first, scope) : true;
  return scope.names.has(node.name) || scope.query.tables.has(node.name);
}

/** Columns of the same name and type become one; others are null in the rows of the other tables. */
export function union(input: Table | undefined, node: Syntax, scope: Scope, output: readonly Column[]): readonly Row[] {
  const known = settings(node, ['kind', 'isfuzzy', 'withsource']);
  const source = known.get('withsource');
  const parts = partsOf(node).filter((part) => known.get('isfuzzy') !== 'true' || isKnown(part, scope));
  const tables = parts.map((part, i): [string, Table] => {
    const name = part.kind === 'NameReference' ? part.name : `union_arg${i + (input ? 1 : 0)}`;
    return [name, scope.query.tableOf(part, { ...scope, columns: [] })];
  });
  if (input) tables.unshift(['union_arg0', input]);
  const meanings = new Map<string, string>();
  return tables.flatMap(([name, { columns, rows }]) => {
    const from = output.map(([column, type]) =>
      columns.findIndex(([own, ownType]) => ownType === type && (own === column || `${own}_${ownType}` === column)),
    );
    const lost = columns.find((_, i) => !from.includes(i));
    if (lost && known.get('kind') !== 'inner') throw node.error(`the result has no column for ${lost.join(': ')}`);
    for (const [i, [column]] of output.entries()) {
      const own = columns[from[i] ?? -1]?.[0];
      if (own === undefined) continue;
      if ((meanings.get(column) ?? own) !== own) throw node.error(`${column} may stand for ${own} or another column`);
      meanings.set(column, own);
    }
    return rows.map((row) => output.map(([column], i) => (column === source ? name : (row[from[i] ?? -1] ?? null))));
  });
}

export const joins: Readonly<
  Record<string, (input: Table, node: Syntax, scope: Scope, output: readonly Column[]) => readonly Row[]>
> = { JoinOperator: join, LookupOperator: lookup, UnionOperator: union };
