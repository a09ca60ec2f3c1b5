import { bound } from '../../scripts/kql/languageService';
import examples from './documentedExamples.json';
import { isDocumented } from './documentedValue';
import { aggregates } from './evaluator/aggregates';
import { builtins } from './evaluator/builtins';
import { evaluate } from './evaluator/evaluate';
import { expressionKinds } from './evaluator/expressions';
import { joins } from './evaluator/joins';
import { operators } from './evaluator/operators';
import { rowFunctions } from './evaluator/rowFunctions';
import { Syntax } from './evaluator/syntax';
import { sources } from './evaluator/tables';

/**
 * Queries and results of Microsoft's reference (MicrosoftDocs/dataexplorer-docs, kusto/query, at commit 1bbb122). `own` marks rows of
 * ours under the page's rule, because its example reads a sample database.
 */
interface Example {
  readonly page: string;
  readonly query: string;
  /** As the page shows them, in any order. */
  readonly rows: readonly (readonly string[])[];
  readonly own?: boolean;
}
const all: readonly Example[] = examples;

/** The clock of the pages that show a result of now(). */
const now = '2023-06-19T08:22:54.6623324Z';

function isShown(found: readonly unknown[], shown: readonly string[], types: readonly string[]): boolean {
  return (
    found.length === shown.length && found.every((value, i) => isDocumented(value, shown[i] ?? '', types[i] ?? ''))
  );
}

describe("The evaluator gives what Microsoft's reference shows", () => {
  test.each(
    all.map((example) => [`${example.page}: ${example.query.replaceAll(/\s+/g, ' ').slice(0, 80)}`, example] as const),
  )('%s', (_, { query, rows }) => {
    const result = evaluate(query, { tables: {}, now });
    const types = result.columns.map(([, type]) => type);
    const left = [...rows];
    for (const row of result.rows) {
      const index = left.findIndex((shown) => isShown(row, shown, types));
      if (index < 0) expect(row).toEqual(left);
      left.splice(index, 1);
    }
    expect(left).toEqual([]);
  });
});

/** What only tests of the repository's own queries can show. */
const withoutExample = new Set(['ingestion_time()']);

test('each operator and function that the evaluator knows has such an example', () => {
  const shown = new Set(
    all.flatMap(({ query }) =>
      new Syntax(bound(query, { tables: [] }))
        .all()
        .flatMap((node) =>
          node.kind === 'FunctionCallExpression' ? [node.kind, `${node.part(0).name}()`] : [node.kind],
        ),
    ),
  );
  const known = [
    ...Object.keys({ ...builtins, ...aggregates, ...rowFunctions }).map((name) => `${name}()`),
    ...expressionKinds,
    ...Object.keys({ ...operators, ...joins, ...sources }),
  ];
  expect(known.filter((name) => !shown.has(name) && !withoutExample.has(name))).toEqual([]);
});

/** A query, and how the error begins that it gives. */
const unknown: Readonly<Record<string, string>> = {
  'print 1 | serialize': 'SerializeOperator "serialize": the evaluator does not know SerializeOperator',
  'print -1': 'UnaryMinusExpression "-1": the evaluator does not know UnaryMinusExpression',
  'print sqrt(4)': 'FunctionCallExpression "sqrt(4)": the evaluator does not know sqrt()',
  'print x = 1 | summarize variance(x)': 'FunctionCallExpression "variance(x)": the evaluator does not know variance()',
  'print indexof("abc", "b", 1)':
    'FunctionCallExpression "indexof("abc", "b", 1)": the evaluator knows it with 2 arguments',
  'print x = 1 | extend y = prev(x, 2)':
    'FunctionCallExpression "prev(x, 2)": the evaluator knows it with one argument',
  'print x = 1 | join (print x = 1) on x':
    'JoinOperator "join (print x = 1) on x": the evaluator knows kind=inner, leftouter, leftanti',
  'print x = 1 | join kind=fullouter (print x = 1) on x':
    'JoinOperator "join kind=fullouter (print x = 1) on x": the evaluator knows kind=inner',
  'union kind=inner (print x = 1), (print x = 2)':
    'UnionOperator "union kind=inner (print x = 1), (print x = 2)": the evaluator does not know kind=inner',
  'union (print x = 1), (print x = "a")':
    'UnionOperator "union (print x = 1), (print x = "a")": the result has no column x: long',
  'print x = 1 | sort by x nulls first':
    'OrderedExpression "x nulls first": the evaluator does not know nulls first and last',
  'print x = bag_pack("a", 1) | mv-expand x':
    'MvExpandOperator "mv-expand x": the evaluator knows bags with kind=array alone',
  'print datetime(1 January 2026)': '"1 January 2026" as datetime: the evaluator does not know this format',
  'print toint("1.5")': 'whether Kusto reads "1.5" as an integer is not known',
  'print tostring(1e20)': 'the text of the real 100000000000000000000 is not known',
};

test.each(Object.entries(unknown))('what the evaluator does not know is an error: %s', (query, message) => {
  expect(() => evaluate(query, { tables: {}, now })).toThrow(message);
});
