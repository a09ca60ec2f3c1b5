import { arithmetic } from './numberFunctions';
import type { Syntax } from './syntax';
import { regexOf, textOperators } from './textFunctions';
import { compare, isEqual, textOf, type Value } from './values';

export const orders: Readonly<Record<string, (order: number) => boolean>> = {
  LessThanExpression: (order) => order < 0,
  LessThanOrEqualExpression: (order) => order <= 0,
  GreaterThanExpression: (order) => order > 0,
  GreaterThanOrEqualExpression: (order) => order >= 0,
};

export const signs: Readonly<Record<string, string>> = {
  AddExpression: '+',
  SubtractExpression: '-',
  MultiplyExpression: '*',
  DivideExpression: '/',
  ModuloExpression: '%',
};

/** An operator between two values; undefined where the evaluator does not know it. */
export function binaryOperator(node: Syntax, name: string, kind: string): ((a: Value, b: Value) => Value) | undefined {
  const sign = signs[kind];
  if (sign !== undefined) return (a, b) => arithmetic(sign, a, b);
  const order = orders[kind];
  if (order) {
    return (a, b) => {
      if (a === null || b === null) return null;
      const found = compare(a, b);
      if (found === undefined) throw node.error(`it compares ${textOf(a)} and ${textOf(b)}, which have no order`);
      return order(found);
    };
  }
  if (kind === 'EqualExpression') return isEqual;
  if (kind === 'NotEqualExpression') {
    return (a, b) => {
      const same = isEqual(a, b);
      return same === null ? null : !same;
    };
  }
  if (kind === 'EqualTildeExpression' || kind === 'BangTildeExpression')
    return (a, b) => textOf(a).toLowerCase() === textOf(b).toLowerCase();
  if (kind === 'MatchesRegexExpression') return (a, b) => textOf(a).search(regexOf(textOf(b))) >= 0;
  const operator = textOperators[name.replace(/Cs$/, '')];
  if (!operator) return undefined;
  if (name.endsWith('Cs')) return (a, b) => operator(textOf(a), textOf(b));
  return (a, b) => operator(textOf(a).toLowerCase(), textOf(b).toLowerCase());
}
