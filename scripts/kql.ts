import { basename } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { huntingTexts } from './kql/huntingQueries';
import type { Columns, Problem } from './kql/languageService';
import {
  problemsOfAlert,
  problemsOfFunction,
  problemsOfQuery,
  problemsOfTransform,
  withoutHeader,
} from './kql/queryChecks';
import {
  documentQueries,
  functionBodies,
  functionParameters,
  type Query,
  queryFiles,
  readText,
  transforms,
  workbookQueries,
  workspace,
} from './kql/queryFiles';
import { problemsOfRowFilter } from './kql/rowFilter';
import { filledColumns } from './kql/tableSchemas';

const declared = workspace();

function columnsOf(table: string): Columns {
  const found = declared.tables.find(({ name }) => name === table);
  if (!found) throw new Error(`${table} is not a table of infra/schemas.`);
  return found.columns;
}

/** The table that each transform writes to. */
const targets: Readonly<Record<string, () => Columns>> = {
  'asimNetworkSessionLogs.kql': () => columnsOf('ASimNetworkSessionLogs'),
};

function problemsOfTransformFile(file: string): Problem[] {
  const target = targets[basename(file)];
  if (!target) return [{ line: 1, message: 'scripts/kql.ts does not know its table' }];
  return problemsOfTransform(readText(file), target(), filledColumns);
}

const usage = `Usage: npm run check:kql -- [--filter CONDITION]
  Checks every Kusto query of the repository against the declared tables and
  metrics: saved queries, functions, workbooks, hunting queries, transforms, and
  documents.
  A transform may also not lose a column that the mapping fills.
  --filter CONDITION  check only this value of the template's rowFilter: it must
                      be one condition on columns of a row that a DCR accepts
Exit codes: 0 no problem; 1 a query is wrong; 2 could not start.`;

async function main(): Promise<number> {
  const { values } = readArguments({ filter: { type: 'string' } }, usage);
  if (values.filter !== undefined) return checkFilter(values.filter);
  const files = [
    ...queryFiles(),
    ...functionBodies(),
    ...transforms.map((file) => ({ file, line: 1, text: readText(file) })),
  ];
  const checked: [Query, Problem[]][] = [
    ...files.map((query): [Query, Problem[]] => [query, withoutHeader(query)]),
    ...queryFiles().map((query): [Query, Problem[]] => {
      const isAlert = query.file.startsWith('infra/queries/alerts/');
      return [query, (isAlert ? problemsOfAlert : problemsOfQuery)(query.text, declared)];
    }),
    ...[...workbookQueries(), ...huntingTexts(), ...documentQueries()].map((query): [Query, Problem[]] => [
      query,
      problemsOfQuery(query.text, declared),
    ]),
    ...functionBodies().map((query): [Query, Problem[]] => [
      query,
      problemsOfFunction(query.text, functionParameters(query), declared),
    ]),
    ...transforms.map((file): [Query, Problem[]] => [{ file, line: 1, text: '' }, problemsOfTransformFile(file)]),
  ];
  const problems = checked.flatMap(([{ file, line }, found]) =>
    found.map((problem) => `${file}:${line + problem.line - 1}: ${problem.message}`),
  );
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) return exitCodes.wrong;
  console.log(`${checked.length - files.length} Kusto queries are right.`);
  return exitCodes.well;
}

function checkFilter(condition: string): number {
  const problems = problemsOfRowFilter(condition);
  for (const { message } of problems) console.error(`rowFilter: ${message}`);
  if (problems.length > 0) return exitCodes.wrong;
  console.log('Every DCR of the template accepts this rowFilter.');
  return exitCodes.well;
}

void run(main);
