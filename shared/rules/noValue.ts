/**
 * Thrown where an expression asks what an absent value cannot answer: a comparison of null, or a test of it. `&&` and `||` may
 * still decide without it; otherwise the rule does not match. One object for all, because an error with a stack costs much.
 */
export const noValue = new Error('The value is absent.');
noValue.stack = '';

/** Nodes of which "no answer" and "no" come to the same: only `&&` and `||` stand above them, and no `!`. */
const asFalse = new WeakSet<object>();

/** Says that a node may answer false where it has no answer, which costs less than to throw. */
export function mayAnswerFalse(node: object): void {
  asFalse.add(node);
}

/** The answer of a node of which a value is absent. @throws noValue */
export function answerWithout(node: object): false {
  if (asFalse.has(node)) return false;
  throw noValue;
}

export function throwNoValue(): never {
  throw noValue;
}
