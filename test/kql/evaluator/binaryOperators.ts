import { arithmetic } from './arithmetic';
import { hasTerm, regexOf } from './texts';
import { compare, isEqual, keyOf, textOf, type Value } from './values';

type Two = (a: Value, b: Value) => Value;

const negated = (value: Value): Value => (typeof value === 'boolean' ? !value : null);

const ordered =
  (isMet: (order: number) => boolean): Two =>
  (a, b) =>
    a === null || b === null ? null : isMet(compare(a, b));

const lower = (value: Value): string => textOf(value).toLowerCase();

/** Each of these is there with and without case, and negated. */
const textTests: Readonly<Record<string, (text: string, found: string) => boolean>> = {
  Contains: (text, found) => text.includes(found),
  StartsWith: (text, found) => text.startsWith(found),
  EndsWith: (text, found) => text.endsWith(found),
};

const textOperators = Object.entries(textTests).flatMap(([name, test]): [string, Two][] => [
  [`${name}Expression`, (a, b) => test(lower(a), lower(b))],
  [`${name}CsExpression`, (a, b) => test(textOf(a), textOf(b))],
  [`Not${name}Expression`, (a, b) => !test(lower(a), lower(b))],
  [`Not${name}CsExpression`, (a, b) => !test(textOf(a), textOf(b))],
]);

/** Between two values, by the kind of their syntax. */
export const binaryOperators: Readonly<Record<string, Two>> = {
  AddExpression: (a, b) => arithmetic('+', a, b),
  SubtractExpression: (a, b) => arithmetic('-', a, b),
  MultiplyExpression: (a, b) => arithmetic('*', a, b),
  DivideExpression: (a, b) => arithmetic('/', a, b),
  LessThanExpression: ordered((order) => order < 0),
  LessThanOrEqualExpression: ordered((order) => order <= 0),
  GreaterThanExpression: ordered((order) => order > 0),
  GreaterThanOrEqualExpression: ordered((order) => order >= 0),
  EqualExpression: isEqual,
  NotEqualExpression: (a, b) => negated(isEqual(a, b)),
  EqualTildeExpression: (a, b) => lower(a) === lower(b),
  MatchesRegexExpression: (a, b) => regexOf(textOf(b)).matcher(textOf(a)).find(),
  ...Object.fromEntries(textOperators),
};

type InList = (value: Value, items: readonly Value[]) => Value;

const isIn =
  (key: (value: Value) => string): InList =>
  (value, items) => {
    const own = key(value);
    return items.some((item) => key(item) === own) ? (value === null ? null : true) : false;
  };

const inCase = isIn(keyOf);
const inAnyCase = isIn((value) => (typeof value === 'string' ? value.toLowerCase() : keyOf(value)));

/** Between a value and a list. `in~` is InCsExpression, `in` is InExpression. */
export const listOperators: Readonly<Record<string, InList>> = {
  InExpression: inCase,
  NotInExpression: (value, items) => negated(inCase(value, items)),
  InCsExpression: inAnyCase,
  NotInCsExpression: (value, items) => negated(inAnyCase(value, items)),
  HasAnyExpression: (value, items) => items.some((item) => hasTerm(lower(value), lower(item))),
};
