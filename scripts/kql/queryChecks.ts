import { analyse, type Columns, type Declared, type Problem } from './languageService';
import { unknownMetrics } from './metricNames';
import type { Query } from './queryFiles';
import { headerOf } from './queryHeader';
import { stream } from './tableSchemas';
import { lostColumns, notAllowedInTransforms, notOfTheTable } from './transformRules';

/** The problems of a query: names, types, metrics, and the result if the header declares one. */
export function problemsOfQuery(text: string, declared: Declared): Problem[] {
  const analysis = analyse(text, declared);
  return [...analysis.problems, ...unknownMetrics(analysis), ...otherResult(headerOf(text).returns, analysis.columns)];
}

function otherResult(declared: Columns | undefined, found: Columns): Problem[] {
  if (declared === undefined || shown(declared) === shown(found)) return [];
  return [{ line: 1, message: `it declares (${shown(declared)}) and returns (${shown(found)})` }];
}

function shown(columns: Columns): string {
  return Object.entries(columns)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ');
}

/** A query of an alert must also return a number, and say what it means. */
export function problemsOfAlert(text: string, declared: Declared): Problem[] {
  const { value, alertWhen, returns } = headerOf(text);
  const isNumber = ['int', 'long', 'real'].includes(returns?.['Value'] ?? '');
  const missing = [
    ...(value === undefined ? ['// Value:'] : []),
    ...(alertWhen === undefined ? ['// Alert when:'] : []),
    ...(isNumber ? [] : ['// Returns: with Value as a number']),
  ];
  return [
    ...problemsOfQuery(text, declared),
    ...missing.map((line) => ({ line: 1, message: `its comment lacks ${line}` })),
  ];
}

/** Checks the body of a function with its parameters. */
export function problemsOfFunction(body: string, parameters: string, declared: Declared): Problem[] {
  const text = `let f = (${parameters}) {\n${body}\n};\nf()`;
  return analyse(text, declared).problems.map(({ line, message }) => ({ line: line - 1, message }));
}

/** Checks a transform into `table`; `filled` are the columns of the stream that it may not lose. */
export function problemsOfTransform(text: string, table: Columns, filled: readonly string[] = []): Problem[] {
  const analysis = analyse(text, stream);
  return [
    ...analysis.problems,
    ...notAllowedInTransforms(text, analysis),
    ...notOfTheTable(analysis.columns, table),
    ...lostColumns(text, filled, table),
  ];
}

/** Each file begins with a comment that says what it answers. */
export function withoutHeader({ text }: Query): Problem[] {
  return headerOf(text).answers === ''
    ? [{ line: 1, message: 'it does not begin with a comment that says what it answers' }]
    : [];
}
