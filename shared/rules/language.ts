import { Environment } from '@marcbachmann/cel-js';
import { columns } from '../sessions/networkSessionsColumns';
import { filledColumns } from '../transform/filledColumns';
import { Members } from './celValue';
import { loopMacro } from './loops';
import { constantMacro, type MacroCall, textMacro } from './macros';
import { answerWithout, throwNoValue } from './noValue';
import { domainTest, patternTest, rangeTest } from './textTests';
import type { TimeLimit } from './timeLimit';
import { RecordView, RowView } from './views';

/**
 * The language of an expression: CEL, with `row` and `record`, three functions of ours, and only what always ends soon. An
 * expression is checked with the types of the columns, and then run where every column may also be null.
 */

/** What an expression may be made of, beside operators. */
export const functions = {
  inCidr: 'call',
  inDomain: 'call',
  matches: 'method',
  startsWith: 'method',
  endsWith: 'method',
  contains: 'method',
  lowerAscii: 'method',
  upperAscii: 'method',
  size: 'both',
  int: 'call',
  double: 'call',
  string: 'call',
  exists: 'macro',
  all: 'macro',
  exists_one: 'macro',
} as const satisfies Record<string, 'call' | 'method' | 'both' | 'macro'>;

export const limits = {
  /** Characters of an expression. */
  maxLength: 2000,
  /** Parts of an expression: names, constants, operators, calls. */
  maxAstNodes: 1000,
  maxDepth: 32,
  maxListElements: 500,
  maxMapEntries: 0,
  maxCallArguments: 3,
} as const;
/** Operators `+`: they make long texts of short ones. */
export const maxSums = 20;
/** How many of `exists`, `all` and `exists_one` may be inside each other. */
export const maxNestedMacros = 2;

const { maxLength: _, ...parserLimits } = limits;

/** The type of a row's column, where it has a value. */
function celTypeOf(type: (typeof columns)[keyof typeof columns]): string {
  const types = {
    string: 'string',
    datetime: 'string',
    int: 'int',
    long: 'int',
    real: 'double',
    dynamic: 'dyn',
  } as const;
  return types[type];
}

function fieldsOf(typeOf: (column: keyof typeof columns) => string): Record<string, string> {
  return Object.fromEntries(filledColumns.map(({ column }) => [column, typeOf(column)]));
}

function environment(rowFields: Readonly<Record<string, string>>, limit: TimeLimit): Environment {
  const made = new Environment({ limits: parserLimits })
    .registerType('Row', { ctor: RowView, fields: { ...rowFields } })
    .registerType('Record', { ctor: RecordView })
    .registerType('Members', { ctor: Members })
    .registerVariable('row', 'Row')
    .registerVariable('record', 'Record');
  const macro = (signature: string, handler: (call: MacroCall) => object): void => {
    made.registerFunction(signature, handler);
  };
  macro('inCidr(ast, ast): bool', (call) => constantMacro(call, 'inCidr', rangeTest, limit));
  macro('inDomain(ast, ast): bool', (call) => constantMacro(call, 'inDomain', domainTest, limit));
  // The library finds a macro by its name alone. The receiver differs from that of its own function of this name: its
  // `matches` backtracks, and its others do not know null.
  macro('null.matches(ast): bool', (call) =>
    constantMacro(call, 'matches', ([pattern = '']) => patternTest(pattern), limit),
  );
  macro('null.startsWith(ast): bool', (call) =>
    textMacro(call, 'startsWith', (text, start) => text.startsWith(start), limit),
  );
  macro('null.endsWith(ast): bool', (call) => textMacro(call, 'endsWith', (text, end) => text.endsWith(end), limit));
  macro('null.contains(ast): bool', (call) => textMacro(call, 'contains', (text, part) => text.includes(part), limit));
  for (const name of ['exists', 'all', 'exists_one'] as const)
    macro(`null.${name}(ast, ast): bool`, (call) => loopMacro(call, name, limit));
  return made;
}

/** Types of the columns as they are where they have a value: finds a text that is compared with a number. */
export function checkingEnvironment(limit: TimeLimit): Environment {
  return environment(
    fieldsOf((column) => celTypeOf(columns[column])),
    limit,
  )
    .registerOperator('string == null', isAbsent)
    .registerOperator('int == null', isAbsent)
    .registerOperator('double == null', isAbsent);
}

/** The library passes the node behind the operands. */
function compare(...[, , node]: readonly unknown[]): false {
  return typeof node === 'object' && node !== null ? answerWithout(node) : throwNoValue();
}

/** Every column may be null. What null cannot answer throws {@link noValue}. */
export function runningEnvironment(limit: TimeLimit): Environment {
  const made = environment(
    fieldsOf(() => 'dyn'),
    limit,
  );
  const comparisons = { '<': compare, '<=': compare, '>': compare, '>=': compare };
  const arithmetic = Object.fromEntries(['+', '-', '*', '/', '%'].map((operator) => [operator, throwNoValue]));
  for (const [operator, answer] of Object.entries({ ...comparisons, ...arithmetic })) {
    made.registerOperator(`null ${operator} null`, answer);
    for (const type of ['string', 'int', 'double']) {
      made.registerOperator(`null ${operator} ${type}`, answer);
      made.registerOperator(`${type} ${operator} null`, answer);
    }
  }
  for (const type of ['null', 'bool', 'string', 'int', 'double', 'list', 'Members'])
    made.registerOperator(`${type} in null`, compare);
  // Whether an object holds a key.
  for (const type of ['null', 'bool', 'string', 'int', 'double'])
    made.registerOperator(`${type} in Members`, (key: unknown, members: Members) => members.holds(key));
  made.registerFunction('Members.size(): int', sizeOf).registerFunction('size(Members): int', sizeOf);
  made.registerOperator('!null', throwNoValue).registerOperator('-null', throwNoValue);
  // Absent in any case.
  made.registerFunction('null.lowerAscii(): dyn', () => null);
  made.registerFunction('null.upperAscii(): dyn', () => null);
  made.registerFunction('null.size(): int', throwNoValue);
  made.registerFunction('size(null): int', throwNoValue);
  made.registerFunction('int(null): int', throwNoValue);
  made.registerFunction('double(null): double', throwNoValue);
  made.registerFunction('string(null): string', throwNoValue);
  return made;
}

function sizeOf(members: Members): bigint {
  return BigInt(members.filledKeys.length);
}

function isAbsent(value: unknown): boolean {
  return value === null;
}
