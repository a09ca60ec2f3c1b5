import { catalogue, type Dimension, dimensions, type Metric } from '../../shared/telemetry/catalogue';
import { type Analysis, columnsRead, kindOf, type Node, type Problem } from './languageService';

/** The names in AppMetrics with their dimensions; a distribution has a second name, for its buckets. */
const metrics: ReadonlyMap<string, readonly string[]> = new Map(
  Object.values<Metric>(catalogue).flatMap(({ name, kind, dimensions: own }): [string, readonly Dimension[]][] =>
    kind === 'distribution'
      ? [
          [name, own],
          [`${name}.bucket`, [...own, 'le']],
        ]
      : [[name, own]],
  ),
);

/** Looks like a metric of the app. */
const likeAMetric = /^(?:network_sessions|messaging)[._]/;

const comparisons = new Set([
  'EqualExpression',
  'NotEqualExpression',
  'EqualTildeExpression',
  'BangTildeExpression',
  'InExpression',
  'InCsExpression',
  'NotInExpression',
  'NotInCsExpression',
  'StartsWithExpression',
  'StartsWithCsExpression',
]);

/** Metrics that the catalogue does not have, and dimensions that no metric of the query has. */
export function unknownMetrics({ nodes }: Analysis): Problem[] {
  const nameColumns = columnsRead(nodes, 'AppMetrics', 'Name');
  const propertyColumns = columnsRead(nodes, 'AppMetrics', 'Properties');
  if (nameColumns.size === 0) return [];
  const named = nodes.filter((node) => node.kind === 'StringLiteralExpression' && isMetricName(node, nameColumns));
  const ofTheQuery = new Set(named.flatMap((node) => meant(node).flatMap((name) => metrics.get(name) ?? [])));
  return [
    ...named
      .filter((node) => meant(node).length === 0)
      .map(({ line, text }) => ({ line, message: `${text} is no metric of shared/telemetry/catalogue.ts` })),
    ...nodes.flatMap((node) => {
      const dimension = dimensionOf(node, propertyColumns);
      if (dimension === undefined || ofTheQuery.has(dimension)) return [];
      return [{ line: node.line, message: `no metric of this query has the dimension "${dimension}"` }];
    }),
  ];
}

/** The metrics that a text means: the one with this name, or all that begin with it. */
function meant({ text, syntax }: Node): string[] {
  const value = unquoted(text);
  const isPrefix = syntax.Parent !== null && kindOf(syntax.Parent).startsWith('StartsWith');
  return [...metrics.keys()].filter((name) => (isPrefix ? name.startsWith(value) : name === value));
}

/** Whether a text is compared with AppMetrics.Name, or looks like a metric and is no dimension. */
function isMetricName({ text, syntax }: Node, nameColumns: ReadonlySet<unknown>): boolean {
  const value = unquoted(text);
  if (likeAMetric.test(value) && !Object.keys(dimensions).includes(value)) return true;
  for (let node = syntax.Parent; node !== null; node = node.Parent) {
    const kind = kindOf(node);
    if (comparisons.has(kind)) return isReadFrom(node.GetChild(0), nameColumns);
    if (kind.endsWith('Operator')) return false;
  }
  return false;
}

/** The key of `Properties.key`, `Properties["key"]` or `Properties['key']`. */
function dimensionOf({ syntax, text }: Node, propertyColumns: ReadonlySet<unknown>): string | undefined {
  const { PathExpression, ElementExpression } = Kusto.Language.Syntax;
  if (!(syntax instanceof PathExpression) && !(syntax instanceof ElementExpression)) return undefined;
  if (!isReadFrom(syntax.Expression, propertyColumns)) return undefined;
  return /^\w+(?:\.(\w+)|\[(?:"([^"]*)"|'([^']*)')\])$/
    .exec(text)
    ?.slice(1)
    .find((key) => key !== undefined);
}

function isReadFrom(element: Kusto.Language.Syntax.SyntaxElement | null, columns: ReadonlySet<unknown>): boolean {
  return element instanceof Kusto.Language.Syntax.NameReference && columns.has(element.ReferencedSymbol);
}

function unquoted(text: string): string {
  return text.replace(/^["']|["']$/g, '');
}
