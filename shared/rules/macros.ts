import type { ASTNode } from '@marcbachmann/cel-js';
import { textOf } from './celValue';
import { answerWithout } from './noValue';
import { type TextTest, WrongConstant } from './textTests';
import type { TimeLimit } from './timeLimit';

/** What the library gives to a macro while it parses: the nodes of the call. */
export interface MacroCall {
  readonly ast: ASTNode;
  readonly args: readonly ASTNode[];
  /** Null for a function. */
  readonly receiver: ASTNode | null;
}

export interface Checker {
  check(node: ASTNode, context: unknown): CheckedType;
  getType(name: string): unknown;
}

interface CheckedType {
  readonly kind: string;
  readonly name: string;
  /** Of a list's items. */
  readonly valueType?: unknown;
}

export interface Evaluator {
  run(node: ASTNode, context: unknown): unknown;
}

/** A reason with its place in the expression. */
export class RejectedNode extends Error {
  override readonly name = 'RejectedNode';

  constructor(
    readonly at: ASTNode,
    message: string,
  ) {
    super(message);
  }
}

/**
 * A call `subject.name(constants)` or `name(subject, constants)` whose constants are read once, while the expression is parsed:
 * a text or, for functions, a list of texts.
 */
export function constantMacro(
  { ast, args, receiver }: MacroCall,
  name: string,
  make: (constants: readonly string[]) => TextTest,
  limit: TimeLimit,
): object {
  const [subject, constants] = receiver === null ? args : [receiver, args[0]];
  if (subject === undefined || constants === undefined) throw new WrongConstant(`${name} takes two values`);
  const test = testOf(constants, name, make);
  return {
    typeCheck(checker: Checker, _: unknown, context: unknown) {
      checkText(subject, name, checker, context);
      return checker.getType('bool');
    },
    evaluate(evaluator: Evaluator, _: unknown, context: unknown) {
      const text = textOrNull(evaluator.run(subject, context), name, limit);
      return (text === null ? undefined : test(text)) ?? answerWithout(ast);
    },
  };
}

/** A call `subject.name(other)` of two texts, either of which may be absent. */
export function textMacro(
  { ast, args: [other], receiver: subject }: MacroCall,
  name: string,
  test: (text: string, other: string) => boolean,
  limit: TimeLimit,
): object {
  if (subject === null || other === undefined) throw new WrongConstant(`${name} takes two texts`);
  return {
    typeCheck(checker: Checker, _: unknown, context: unknown) {
      for (const node of [subject, other]) checkText(node, name, checker, context);
      return checker.getType('bool');
    },
    evaluate(evaluator: Evaluator, _: unknown, context: unknown) {
      const text = textOrNull(evaluator.run(subject, context), name, limit);
      const second = textOrNull(evaluator.run(other, context), name, limit);
      return text === null || second === null ? answerWithout(ast) : test(text, second);
    },
  };
}

function checkText(node: ASTNode, name: string, checker: Checker, context: unknown): void {
  const type = checker.check(node, context);
  if (type.kind === 'dyn' || type.name === 'string' || type.name === 'null') return;
  throw new RejectedNode(node, `${name} looks at a text, and this is ${type.name}. Make it one: string(value)`);
}

/** A shorter text costs less than to look at the clock. */
const shortText = 200;

function textOrNull(value: unknown, name: string, limit: TimeLimit): string | null {
  if (value === null) return value;
  if (typeof value === 'string') {
    if (value.length > shortText) limit.look();
    return textOf(value);
  }
  throw new TypeError(`${name} looks at a text, and this is ${typeof value}.`);
}

function testOf(node: ASTNode, name: string, make: (constants: readonly string[]) => TextTest): TextTest {
  try {
    return make(textsIn(node, name));
  } catch (error) {
    throw error instanceof WrongConstant ? new RejectedNode(node, `${name}: ${error.message}`) : error;
  }
}

/** The constant texts of a node. They are known at the start, so that what they cost is known then, too. */
function textsIn(node: ASTNode, name: string): string[] {
  const parts = node.op === 'list' && name !== 'matches' ? node.args : [node];
  const texts = parts.map((part) => (part.op === 'value' && typeof part.args === 'string' ? part.args : undefined));
  if (parts.length > 0 && texts.every((text) => text !== undefined)) return texts;
  if (parts.length === 0)
    throw new WrongConstant('the list is empty, so nothing could match. Put a text in quotes into it');
  const allowed = name === 'matches' ? 'a text in quotes' : 'a text in quotes or a list of them';
  throw new WrongConstant(
    `the last value must be ${allowed}; it cannot come from row or record. Write the constant itself`,
  );
}
