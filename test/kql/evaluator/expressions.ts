import { aggregates } from './aggregates';
import { binaryOperator, orders, signs } from './binaryOperators';
import { builtins } from './builtins';
import { member } from './dynamicFunctions';
import { arithmetic } from './numberFunctions';
import { rowFunctions } from './rowFunctions';
import { type At, type Binding, type Evaluate, indexOf, noRow, once, type Scope } from './scope';
import type { Syntax } from './syntax';
import { textOperators } from './textFunctions';
import {
  compare,
  conversions,
  isArray,
  isNumber,
  keyOf,
  Moment,
  parseMoment,
  parseSpan,
  Span,
  settle,
  textOf,
  type Value,
} from './values';

/** The value of an expression, of the type that the binder gave it. */
export function compile(node: Syntax, scope: Scope): Evaluate {
  const make = kinds[node.kind] ?? kinds[node.kind.replace(/^.*?(Literal|Named|Unary\w*)Expression$/, '$1')];
  const evaluate = make ? make(node, scope) : operatorOf(node, scope);
  const { type } = node;
  return (at) => settle(evaluate(at), type);
}

const constant =
  (value: Value): Evaluate =>
  () =>
    value;

const kinds: Readonly<Record<string, (node: Syntax, scope: Scope) => Evaluate>> = {
  ParenthesizedExpression: (node, scope) => compile(node.part(0), scope),
  SimpleNamedExpression: (node, scope) => compile(node.part(1), scope),
  NameReference: named,
  FunctionCallExpression: called,
  PathExpression: (node, scope) => {
    const bag = compile(node.part(0), scope);
    const key = node.part(1).name;
    return (at) => member(bag(at), key);
  },
  ElementExpression: (node, scope) => {
    const [bag, key] = [compile(node.part(0), scope), compile(node.part(1), scope)];
    return (at) => member(bag(at), key(at));
  },
  UnaryMinusExpression: (node, scope) => {
    const value = compile(node.part(0), scope);
    return (at) => {
      const one = value(at);
      if (one instanceof Span) return new Span(-one.ticks);
      return isNumber(one) ? -one : null;
    };
  },
  ToScalarExpression: (node, scope) => {
    const first = once(() => scope.query.tableOf(node.part(0), scope).rows[0]?.[0] ?? null);
    return () => first();
  },
  AndExpression: (node, scope) => logic(node, scope, false),
  OrExpression: (node, scope) => logic(node, scope, true),
  BetweenExpression: between,
  NotBetweenExpression: (node, scope) => negated(between(node, scope)),
  DynamicExpression: (node, scope) => compile(node.part(0), scope),
  NullLiteralExpression: () => constant(null),
  JsonArrayExpression: (node, scope) => constant(node.parts.map((part) => compile(part, scope)(noRow))),
  JsonObjectExpression: (node, scope) =>
    constant(new Map(node.parts.map((pair) => [keyIn(pair), compile(pair.part(0), scope)(noRow)]))),
  TypeOfLiteralExpression: (node) => constant(node.part(0).text),
  StringLiteralExpression: (node) => constant(node.literalText),
  CompoundStringLiteralExpression: (node) => constant(node.literalText),
  LongLiteralExpression: (node) => literal(node, 'long'),
  IntLiteralExpression: (node) => literal(node, 'int'),
  RealLiteralExpression: (node) => literal(node, 'real'),
  BooleanLiteralExpression: (node) => literal(node, 'bool'),
  DateTimeLiteralExpression: (node) => literal(node, 'datetime'),
  TimespanLiteralExpression: (node) => literal(node, 'timespan'),
};

/** The key of `"key": value` in a dynamic literal. */
function keyIn(pair: Syntax): string {
  const [quoted = ''] = pair.tokens;
  if (quoted.includes('\\')) throw pair.error('the evaluator reads no escapes in keys');
  return quoted.slice(1, -1);
}

/** `5`, `long(5)`, `long(null)`, `1h`, `datetime(2026-01-01)`. */
function literal(node: Syntax, type: string): Evaluate {
  const text = node.text.replace(/^\w+\s*\(\s*(.*?)\s*\)$/s, '$1').replace(/^(["'])(.*)\1$/, '$2');
  if (text === 'null') return constant(null);
  if (type === 'real' && /^[+-]?inf$/.test(text))
    return constant(text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY);
  if (type === 'real' && text === 'nan') return constant(Number.NaN);
  const value =
    type === 'datetime' ? parseMoment(text) : type === 'timespan' ? parseSpan(text) : conversions[type]?.(text);
  if (value === null || value === undefined) throw node.error('the evaluator cannot read this literal');
  return constant(value);
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
  const args = node.parts.slice(1);
  if (scope.names.get(name)?.kind === 'function') return callOwn(node, scope);
  const aggregate = aggregates[name];
  if (aggregate && scope.isGroup) return aggregate(args, scope, compile);
  const ofRow = rowFunctions[name];
  if (ofRow) return ofRow(args, scope, compile, node);
  const builtin = builtins[name];
  if (builtin) {
    const values = args.map((arg) => compile(arg, scope));
    return (at) => builtin(...values.map((value) => value(at)));
  }
  if (node.body) return callOwn(node, scope);
  throw node.error(`the evaluator does not know ${name}()`);
}

/** A function of the query or of the workspace that returns a value: its body with its parameters in the place of names. */
function callOwn(node: Syntax, scope: Scope): Evaluate {
  const { body } = node;
  if (!body) throw node.error('its body is not known');
  const [expression, names] = bodyOf(node, body, scope);
  return compile(expression, { query: scope.query, columns: [], names });
}

/** The last expression of a body, and what the names in it mean. */
export function bodyOf(
  call: Syntax,
  body: Syntax,
  scope: Scope,
  piped?: Binding,
): [Syntax, ReadonlyMap<string, Binding>] {
  const own = scope.names.get(call.kind === 'NameReference' ? call.name : call.part(0).name);
  const names = new Map(own?.kind === 'function' ? own.names : []);
  const args = call.parts.slice(1);
  const given = new Map<string, Binding>();
  call.parameters.forEach(({ name, default: otherwise }, i) => {
    const arg = args[i - (piped ? 1 : 0)];
    if (piped && i === 0) given.set(name, piped);
    else if (arg && arg.kind !== 'SimpleNamedExpression') given.set(name, bind(arg, scope));
    else if (otherwise && !given.has(name)) given.set(name, bind(otherwise, scope));
  });
  for (const arg of args)
    if (arg.kind === 'SimpleNamedExpression') given.set(arg.part(0).name, bind(arg.part(1), scope));
  for (const { name } of call.parameters) {
    const value = given.get(name);
    if (!value) throw call.error(`it lacks ${name}`);
    names.set(name, value);
  }
  return statements(body.parts, { query: scope.query, columns: [], names });
}

/** Reads let statements; returns the expression after them, and what its names mean. */
export function statements(parts: readonly Syntax[], scope: Scope): [Syntax, ReadonlyMap<string, Binding>] {
  const names = new Map(scope.names);
  let last: Syntax | undefined;
  for (const part of parts) {
    if (part.kind === 'LetStatement') {
      names.set(part.part(0).name, bind(part.part(1), { ...scope, names: new Map(names) }));
    } else if (part.kind === 'ExpressionStatement') last = part.part(0);
    else if (part.type !== 'unknown' || part.isTable) last = part;
    else if (part.kind !== 'SkippedTokens') throw part.error('the evaluator does not know this statement');
  }
  const expression = last ?? parts.at(-1);
  if (!expression) throw new Error('a query without an expression');
  return [expression, names];
}

function bind(node: Syntax, scope: Scope): Binding {
  if (node.kind === 'FunctionDeclaration') return { kind: 'function', names: scope.names };
  const known = node.kind === 'NameReference' ? scope.names.get(node.name) : undefined;
  if (known && indexOf(scope.columns, node.name) < 0) return known;
  if (node.isTable || node.kind === 'MaterializeExpression')
    return { kind: 'table', table: once(() => scope.query.tableOf(node, scope)) };
  return { kind: 'scalar', evaluate: compile(node, scope) };
}

/** and, or: one value decides, else null where one is. */
function logic(node: Syntax, scope: Scope, decides: boolean): Evaluate {
  const [left, right] = [compile(node.part(0), scope), compile(node.part(1), scope)];
  return (at) => {
    const a = left(at);
    if (a === decides) return decides;
    const b = right(at);
    if (b === decides) return decides;
    return a === null || b === null ? null : !decides;
  };
}

const negated =
  (evaluate: Evaluate): Evaluate =>
  (at) => {
    const value = evaluate(at);
    return typeof value === 'boolean' ? !value : null;
  };

function between(node: Syntax, scope: Scope): Evaluate {
  const [value, low, high] = node.parts.map((part) => compile(part, scope));
  if (!value || !low || !high) throw node.error('it lacks an end');
  return (at) => {
    const [one, from, end] = [value(at), low(at), high(at)];
    const to = from instanceof Moment && end instanceof Span ? arithmetic('+', from, end) : end;
    if (one === null || from === null || to === null) return null;
    const [a, b] = [compare(one, from), compare(one, to)];
    if (a === undefined || b === undefined) throw node.error('it compares values of different types');
    return a >= 0 && b <= 0;
  };
}

/** Operators between two values, and between a value and a list. */
function operatorOf(node: Syntax, scope: Scope): Evaluate {
  const { kind } = node;
  const isNegative = /^Not|^Bang/.test(kind);
  const name = kind.replace(/^Not(?!Equal)|Expression$/g, '');
  if (/^(?:In|InCs|HasAny|HasAll)$/.test(name)) {
    const found = inList(node, name, scope);
    return isNegative ? negated(found) : found;
  }
  const two = binaryOperator(node, name, kind);
  if (!two) throw node.error(`the evaluator does not know ${kind}`);
  const [left, right] = [compile(node.part(0), scope), compile(node.part(1), scope)];
  const evaluate: Evaluate = (at) => two(left(at), right(at));
  return isNegative && kind !== 'NotEqualExpression' ? negated(evaluate) : evaluate;
}

/** in, in~, has_any, has_all: the list is of values, of one array, or of the first column of a table. */
function inList(node: Syntax, name: string, scope: Scope): Evaluate {
  const value = compile(node.part(0), scope);
  const items = listOf(node.parts.slice(1), scope);
  const has = textOperators['Has'];
  if (name.startsWith('Has') && has) {
    return (at) => {
      const text = textOf(value(at)).toLowerCase();
      const isFound = (item: Value): boolean => has(text, textOf(item).toLowerCase());
      return name === 'HasAny' ? items(at).some(isFound) : items(at).every(isFound);
    };
  }
  // `in~` is InCsExpression, `in` is InExpression.
  const key = (one: Value): string => (name === 'InCs' && typeof one === 'string' ? one.toLowerCase() : keyOf(one));
  return (at) => {
    const one = value(at);
    const own = key(one);
    return items(at).some((item) => key(item) === own) ? (one === null ? null : true) : false;
  };
}

function listOf(nodes: readonly Syntax[], scope: Scope): (at: At) => readonly Value[] {
  const [first] = nodes;
  const isRows =
    first !== undefined && nodes.length === 1 && (first.isTable || scope.names.get(first.name)?.kind === 'table');
  if (isRows) return once(() => scope.query.tableOf(first, scope).rows.map((row) => row[0] ?? null));
  const values = nodes.map((one) => compile(one, scope));
  return (at) =>
    values.flatMap((evaluate) => {
      const one = evaluate(at);
      return isArray(one) ? one : [one];
    });
}

/** Every kind of expression that the evaluator knows. */
export const expressionKinds: readonly string[] = [
  ...Object.keys({ ...kinds, ...orders, ...signs }),
  ...[
    'Equal',
    'NotEqual',
    'EqualTilde',
    'BangTilde',
    'MatchesRegex',
    'In',
    'InCs',
    'NotIn',
    'NotInCs',
    'HasAny',
    'HasAll',
  ].map((name) => `${name}Expression`),
  ...Object.keys(textOperators).flatMap((name) =>
    ['', 'Cs'].flatMap((end) => [`${name}${end}Expression`, `Not${name}${end}Expression`]),
  ),
];

/** The value of an expression that reads no row. */
export const constantOf = (node: Syntax, scope: Scope): Value => compile(node, scope)(noRow);
