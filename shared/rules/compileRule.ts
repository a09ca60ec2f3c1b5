import type { ASTNode, Environment } from '@marcbachmann/cel-js';
import { fieldsOf } from '../fieldsOf';
import { didYouMean } from '../nameList';
import { columns } from '../sessions/networkSessionsColumns';
import { modernColumns, otherColumns, otherDeviceEventColumns } from '../transform/defenderColumns';
import { filledColumns } from '../transform/filledColumns';
import { functions, limits, maxNestedMacros, maxSums } from './language';
import { maxLoopSteps, mostItems } from './listSizes';
import { RejectedNode } from './macros';
import { mayAnswerFalse } from './noValue';
import { reasonOf } from './parseErrors';
import type { RecordView, RowView } from './views';

/** What an expression looks at. */
export interface Views {
  readonly row: RowView;
  readonly record: RecordView;
}

/** Whether the rule matches. Throws what the expression throws. */
export type Condition = (views: Views) => boolean;

/** What is wrong with an expression, and where. */
export interface Wrong {
  /** The character, from 0. */
  readonly at: number;
  /** The reason and what to do. */
  readonly reason: string;
}

/** Checks an expression with one environment and compiles it with the other. */
export function compileRule(
  expression: string,
  checking: Environment,
  running: Environment,
): { readonly condition: Condition } | { readonly wrong: readonly Wrong[] } {
  const { length } = expression;
  if (length > limits.maxLength)
    return wrongAt(
      limits.maxLength,
      `the expression has ${length} characters; at most ${limits.maxLength} are allowed. Make two rules of it`,
    );
  try {
    const parsed = checking.parse(expression);
    const wrong = [...wrongIn(parsed.ast, outermost)];
    const sums = sumsIn(parsed.ast);
    if (sums.length > maxSums)
      wrong.push({
        at: sums[0]?.start ?? 0,
        reason: `the expression has ${sums.length} of +; at most ${maxSums} are allowed. Make two rules of it.`,
      });
    if (wrong.length > 0) return { wrong };
    const { type, error } = parsed.check();
    if (error !== undefined) throw error;
    if (type !== 'bool')
      return wrongAt(0, `the expression gives ${type}, not true or false. Compare it, as in row.DstPortNumber == 53`);
    return { condition: conditionOf(running, expression) };
  } catch (error) {
    return { wrong: [wrongOf(error)] };
  }
}

function conditionOf(running: Environment, expression: string): Condition {
  const run = running.parse(expression);
  noteSimple(run.ast);
  // The first run checks the types: done here, it cannot fail later.
  const { error } = run.check();
  if (error !== undefined) throw error;
  return ({ row, record }) => {
    const value: unknown = run({ row, record });
    if (typeof value === 'boolean') return value;
    throw new TypeError('The expression gave neither true nor false.');
  };
}

/** Below `&&` and `||` alone, a comparison or test without an answer may as well be false. */
function noteSimple(node: ASTNode): void {
  mayAnswerFalse(node);
  if (node.op === '&&' || node.op === '||') node.args.forEach(noteSimple);
}

function wrongAt(at: number, reason: string): { readonly wrong: readonly Wrong[] } {
  return { wrong: [{ at, reason: `${reason}.` }] };
}

function wrongOf(error: unknown): Wrong {
  if (error instanceof RejectedNode) return { at: error.at.start, reason: `${error.message}.` };
  const details = detailsOf(error);
  if (details === undefined) throw error;
  const { code, summary, at } = details;
  return { at, reason: reasonOf(code, summary) };
}

/** The library's error classes are not named here: naming one would load the library when the app starts. */
function detailsOf(
  error: unknown,
): { readonly code: string; readonly summary: string; readonly at: number } | undefined {
  const { code, summary, range } = fieldsOfError(error);
  if (typeof summary !== 'string') return undefined;
  const { start } = fieldsOf(range);
  return { code: typeof code === 'string' ? code : '', summary, at: typeof start === 'number' ? start : 0 };
}

/** They are getters of the class, which spreading would miss. */
function fieldsOfError(error: unknown): Readonly<Record<'code' | 'summary' | 'range', unknown>> {
  const read = (name: string): unknown => (error instanceof Error ? Reflect.get(error, name) : undefined);
  return { code: read('code'), summary: read('summary'), range: read('range') };
}

const recordColumns: ReadonlySet<string> = new Set([...modernColumns, ...otherColumns, ...otherDeviceEventColumns]);
const filled: ReadonlySet<string> = new Set(filledColumns.map(({ column }) => column));

/** Where a node stands. */
interface Place {
  readonly variables: readonly string[];
  /** Of the macros around it: how many they are, and how often together they ask it. */
  readonly macros: number;
  readonly steps: number;
  /** `!` and `-` in a row right above it. */
  readonly signs: number;
}
const outermost: Place = { variables: ['row', 'record'], macros: 0, steps: 1, signs: 0 };

/** Names, functions, numbers and nesting that are not allowed, in the order of the expression. */
function* wrongIn(node: ASTNode, place: Place): Generator<Wrong> {
  const { variables, macros } = place;
  const name = nameOfCall(node);
  if (name !== undefined) {
    const reason = wrongCall(name, node.op === 'rcall', macros);
    if (reason !== undefined) yield { at: node.op === 'rcall' ? node.pos : node.start, reason };
  }
  const reason = wrongName(node, variables) ?? wrongAccess(node) ?? wrongNumber(node, place.signs);
  if (reason !== undefined) yield { at: node.start, reason };
  if (name === undefined || kindOf(name) !== 'macro' || node.op !== 'rcall') {
    const signs = node.op === '!_' || node.op === '-_' ? place.signs + 1 : 0;
    if (signs === limits.maxDepth + 1)
      yield { at: node.start, reason: `more than ${limits.maxDepth} of ! and - stand in a row. Remove pairs of them.` };
    for (const child of childrenOf(node)) yield* wrongIn(child, { ...place, signs });
    return;
  }
  const [, list, [variable, condition]] = node.args;
  yield* wrongIn(list, { ...place, signs: 0 });
  if (variable?.op !== 'id' || condition === undefined) return;
  if (variables.includes(variable.args))
    yield { at: variable.start, reason: `the name ${variable.args} is taken. Take another for the item of the list.` };
  const steps = place.steps * mostItems(list);
  if (macros > 0 && steps > maxLoopSteps) yield { at: list.start, reason: tooManySteps(steps) };
  yield* wrongIn(condition, { variables: [...variables, variable.args], macros: macros + 1, steps, signs: 0 });
}

function tooManySteps(steps: number): string {
  return `the lists of the calls inside each other have ${steps} pairs of items; at most ${maxLoopSteps} are allowed. Make the lists shorter, or two rules of it.`;
}

const most = 2n ** 63n - 1n;

/** The library reads any number of digits. The lowest number is written as `-` before one more than the highest. */
function wrongNumber(node: ASTNode, signs: number): string | undefined {
  if (node.op !== 'value' || typeof node.args !== 'bigint' || node.args <= most + BigInt(signs % 2)) return undefined;
  return `${node.args} is no number of 64 bits, so nothing is equal to it. Write at most ${most}, or a text in quotes.`;
}

function wrongName(node: ASTNode, variables: readonly string[]): string | undefined {
  if (node.op !== 'id' || variables.includes(node.args)) return undefined;
  return `${node.args} is unknown. An expression has ${variables.join(', ')}; text stands in quotes.`;
}

function nameOfCall(node: ASTNode): string | undefined {
  return node.op === 'call' || node.op === 'rcall' ? node.args[0] : undefined;
}

function kindOf(name: string): string | undefined {
  const known: Readonly<Record<string, string>> = functions;
  return Object.hasOwn(known, name) ? known[name] : undefined;
}

const notHere: Readonly<Record<string, string>> = {
  has: 'Write row.DstIpAddr != null.',
  bind: 'Write the value where it is used.',
  timestamp: 'Times are text in UTC that sorts by time: compare them as text.',
};

function wrongCall(name: string, isMethod: boolean, macros: number): string | undefined {
  const kind = kindOf(name);
  if (kind === undefined) {
    const near = didYouMean(name, Object.keys(functions));
    const instead = notHere[name] ?? `${near ?? ''} docs/rules.md lists the functions.`.trim();
    return `${name} is no function of a rule. ${instead}`;
  }
  if (kind === 'call' && isMethod) return `${name} is called as ${name}(value, ...).`;
  if ((kind === 'method' || kind === 'macro') && !isMethod) return `${name} is called as value.${name}(...).`;
  if (kind === 'macro' && macros >= maxNestedMacros)
    return `more than ${maxNestedMacros} of exists, all and exists_one are inside each other. Make two rules of it.`;
  return undefined;
}

/** Why `row.X`, `row["X"]` or `record.X` names no column. Any name in brackets may be a new column of the record. */
function wrongAccess(node: ASTNode): string | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined;
  const [of, key] = node.args;
  if (of.op !== 'id' || (of.args !== 'row' && of.args !== 'record')) return undefined;
  const name = typeof key === 'string' ? key : key.op === 'value' ? key.args : undefined;
  if (typeof name !== 'string') return `a column is named by a constant: ${of.args}.Name.`;
  if (of.args === 'row') {
    if (filled.has(name)) return undefined;
    if (Object.hasOwn(columns, name))
      return `nothing fills the column ${name}, so it is always null: docs/mapping.md says why.`;
    return `row has no column ${name}. ${didYouMean(name, [...filled]) ?? 'docs/mapping.md lists the columns.'}`;
  }
  if (node.op === '[]' || recordColumns.has(name)) return undefined;
  const near = didYouMean(name, [...recordColumns]) ?? '';
  return `record has no known column ${name}. ${near} If Defender has added it, write record["${name}"].`.replace(
    '  ',
    ' ',
  );
}

function sumsIn(node: ASTNode): ASTNode[] {
  return [...(node.op === '+' ? [node] : []), ...childrenOf(node).flatMap(sumsIn)];
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'value' || node.op === 'id') return [];
  if (node.op === '.' || node.op === '.?') return [node.args[0]];
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  if (node.op === 'map') return node.args.flat();
  if (node.op === '!_' || node.op === '-_') return [node.args];
  return node.args;
}
