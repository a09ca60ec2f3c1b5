import { type Aggregate, aggregates } from './aggregates';
import { arithmetic } from './arithmetic';
import { binaryOperators, listOperators } from './binaryOperators';
import { builtins } from './builtins';
import { rowFunctions } from './rowFunctions';
import { type At, type Binding, type Evaluate, eachRow, indexOf, noRow, once, oncePerRow, type Scope } from './scope';
import type { Syntax } from './syntax';
import { compare, conversions, isArray, isBag, isNumber, Moment, Span, settle, textOf, type Value } from './values';

/** The value of an expression, of the type that the binder gave it. */
export function compile(node: Syntax, scope: Scope): Evaluate {
  const make = kinds[node.kind];
  if (!make) throw node.error(`the evaluator does not know ${node.kind}`);
  const evaluate = make(node, scope);
  const { type } = node;
  return type === 'string' || type === 'real' ? (at) => settle(evaluate(at), type) : evaluate;
}

/** The value of an expression that reads no row. */
export const constantOf = (node: Syntax, scope: Scope): Value => compile(node, scope)(noRow);

const inner = (node: Syntax, scope: Scope): Evaluate => compile(node.part(0), scope);

const literal =
  (type: string) =>
  (node: Syntax): Evaluate => {
    // `5`, `long(5)`, `long(null)`, `1h`, `datetime(2026-01-01)`
    const text = node.text.replace(/^\w+\s*\(\s*(.*?)\s*\)$/s, '$1');
    const value = text === '+inf' ? Number.POSITIVE_INFINITY : (conversions[type]?.(text) ?? null);
    if (value === null && text !== 'null') throw node.error('the evaluator cannot read this literal');
    return () => value;
  };

const kinds: Readonly<Record<string, (node: Syntax, scope: Scope) => Evaluate>> = {
  ParenthesizedExpression: inner,
  DynamicExpression: inner,
  SimpleNamedExpression: (node, scope) => compile(node.part(1), scope),
  NameReference: named,
  FunctionCallExpression: called,
  PathExpression: (node, scope) => {
    const bag = inner(node, scope);
    const key = node.part(1).name;
    return (at) => member(bag(at), key);
  },
  ElementExpression: (node, scope) => {
    const [bag, key] = [inner(node, scope), compile(node.part(1), scope)];
    return (at) => member(bag(at), key(at));
  },
  ToScalarExpression: (node, scope) => once(() => scope.query.tableOf(node.part(0), scope).rows[0]?.[0] ?? null),
  AndExpression: (node, scope) => logic(node, scope, false),
  OrExpression: (node, scope) => logic(node, scope, true),
  BetweenExpression: between,
  JsonArrayExpression: (node, scope) => {
    const values = node.parts.map((part) => constantOf(part, scope));
    return () => values;
  },
  StringLiteralExpression: (node) => {
    const text = node.literalText;
    return () => text;
  },
  LongLiteralExpression: literal('long'),
  IntLiteralExpression: literal('int'),
  RealLiteralExpression: literal('real'),
  BooleanLiteralExpression: literal('bool'),
  DateTimeLiteralExpression: literal('datetime'),
  TimespanLiteralExpression: literal('timespan'),
  ...Object.fromEntries(
    Object.entries(binaryOperators).map(([kind, apply]) => [
      kind,
      (node: Syntax, scope: Scope): Evaluate => {
        const [left, right] = [inner(node, scope), compile(node.part(1), scope)];
        return (at) => apply(left(at), right(at));
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(listOperators).map(([kind, apply]) => [
      kind,
      (node: Syntax, scope: Scope): Evaluate => {
        const value = inner(node, scope);
        const items = itemsOf(node.parts.slice(1), scope);
        return (at) => apply(value(at), items(at));
      },
    ]),
  ),
};

export const expressionKinds: readonly string[] = Object.keys(kinds);

/** The element of an array or the value of a key; null where there is none. */
function member(value: Value, key: Value): Value {
  if (isBag(value)) return value.get(textOf(key)) ?? null;
  return isArray(value) && isNumber(key) ? (value.at(Number(key)) ?? null) : null;
}

/** and, or: one value decides, else null where one is. */
function logic(node: Syntax, scope: Scope, decides: boolean): Evaluate {
  const [left, right] = [inner(node, scope), compile(node.part(1), scope)];
  return (at) => {
    const a = left(at);
    if (a === decides) return decides;
    const b = right(at);
    if (b === decides) return decides;
    return a === null || b === null ? null : !decides;
  };
}

function between(node: Syntax, scope: Scope): Evaluate {
  const values = node.parts.map((part) => compile(part, scope));
  return (at) => {
    const [one = null, from = null, end = null] = values.map((value) => value(at));
    const to = from instanceof Moment && end instanceof Span ? arithmetic('+', from, end) : end;
    if (one === null || from === null || to === null) return null;
    return compare(one, from) >= 0 && compare(one, to) <= 0;
  };
}

/** The list of an operator such as `in`: values, one array, or the first column of a table. */
function itemsOf(nodes: readonly Syntax[], scope: Scope): (at: At) => readonly Value[] {
  const [first] = nodes;
  if (first && (first.isTable || scope.names.get(first.name)?.kind === 'table'))
    return once(() => scope.query.tableOf(first, scope).rows.map((row) => row[0] ?? null));
  const values = nodes.map((one) => compile(one, scope));
  return (at) => values.map((value) => value(at)).flatMap((one) => (isArray(one) ? one : [one]));
}

function named(node: Syntax, scope: Scope): Evaluate {
  const index = indexOf(scope.columns, node.name);
  if (index >= 0) {
    return ({ row }) => {
      const value = row[index];
      if (value === undefined) throw node.error('it reads a column where there is no row');
      return value;
    };
  }
  const binding = scope.names.get(node.name);
  if (binding?.kind === 'scalar') return binding.evaluate;
  throw node.error('the evaluator does not know this name');
}

function called(node: Syntax, scope: Scope): Evaluate {
  const { name } = node.part(0);
  const isOwn = scope.names.get(name)?.kind === 'function';
  const [aggregate, ofRow, builtin] = isOwn ? [] : [scope.keys && aggregates[name], rowFunctions[name], builtins[name]];
  const nodes = node.parts.slice(1);
  if (aggregate) return overGroup(aggregate, nodes, scope);
  if (ofRow || builtin) {
    const args = nodes.map((arg) => compile(arg, scope));
    if (ofRow) return ofRow(args, scope, node);
    if (builtin && builtin.takes > 0 && builtin.takes !== args.length)
      throw node.error(`the evaluator knows it with ${builtin.takes} arguments`);
    if (builtin) return (at) => builtin.apply(args.map((arg) => arg(at)));
  }
  if (!node.body) throw node.error(`the evaluator does not know ${name}()`);
  return compile(...bodyOf(node, node.body, scope));
}

/** `*` as an argument is each column that the result does not have yet. */
function overGroup(aggregate: Aggregate, nodes: readonly Syntax[], { keys = [], ...scope }: Scope): Evaluate {
  const taken = new Set([...keys, nodes[0]?.name]);
  const args = nodes.flatMap((node) => {
    if (node.kind !== 'StarExpression') return [compile(node, scope)];
    const free = scope.columns.filter(([name]) => !taken.has(name)).map(([name]) => indexOf(scope.columns, name));
    return free.map(
      (i): Evaluate =>
        ({ row }) =>
          row[i] ?? null,
    );
  });
  if (args.length === 0) args.push(() => true);
  return ({ rows }) => aggregate(...args.map((arg) => eachRow(rows, arg)));
}

const isNamed = ({ kind }: Syntax): boolean => kind === 'SimpleNamedExpression';

/** The last expression of a function's body, and its scope: the parameters in the place of names. */
export function bodyOf(call: Syntax, body: Syntax, scope: Scope): [Syntax, Scope] {
  const own = scope.names.get(call.kind === 'NameReference' ? call.name : call.part(0).name);
  const names = new Map(own?.kind === 'function' ? own.names : []);
  const args = call.parts.slice(1);
  for (const [i, { name, default: otherwise }] of call.parameters.entries()) {
    const byName = args.find((arg) => isNamed(arg) && arg.part(0).name === name)?.part(1);
    const byPlace = args[i];
    const value = byName ?? (byPlace && !isNamed(byPlace) ? byPlace : otherwise);
    if (!value) throw call.error(`it lacks ${name}`);
    names.set(name, bind(value, scope));
  }
  return lastOf(body, { query: scope.query, columns: [], names });
}

/** Reads let statements; returns the expression after them, and what its names mean. */
export function lastOf(block: Syntax, scope: Scope): [Syntax, Scope] {
  const names = new Map(scope.names);
  let last: Syntax | undefined;
  for (const part of block.parts) {
    if (part.kind === 'LetStatement')
      names.set(part.part(0).name, bind(part.part(1), { ...scope, names: new Map(names) }));
    else if (part.kind === 'ExpressionStatement') last = part.part(0);
    else if (part.isExpression) last = part;
    else if (part.kind !== 'SkippedTokens') throw part.error('the evaluator does not know this statement');
  }
  if (!last) throw block.error('it has no expression');
  return [last, { ...scope, names }];
}

function bind(node: Syntax, scope: Scope): Binding {
  if (node.kind === 'FunctionDeclaration') return { kind: 'function', names: scope.names };
  const known = node.kind === 'NameReference' ? scope.names.get(node.name) : undefined;
  if (known && indexOf(scope.columns, node.name) < 0) return known;
  if (node.isTable) return { kind: 'table', table: once(() => scope.query.tableOf(node, scope)) };
  return { kind: 'scalar', evaluate: oncePerRow(compile(node, scope)) };
}
