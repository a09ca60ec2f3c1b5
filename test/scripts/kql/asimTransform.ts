import { analyse, type Columns } from '../../../scripts/kql/languageService';
import { problemsOfTransform } from '../../../scripts/kql/queryChecks';
import { readText } from '../../../scripts/kql/queryFiles';
import { stream, workspaceTables } from '../../../scripts/kql/tableSchemas';
import { withoutComments } from '../../../scripts/kql/transformRules';
import { keysOf } from '../../../shared/keysOf';
import { mapping } from '../../../shared/transform/mapping';

const transform = readText('infra/transforms/asimNetworkSessionLogs.kql');
const table: Columns = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs')?.columns ?? {};
const produced = Object.keys(analyse(transform, stream).columns);

/** Columns named in the first cells of a table of docs/asim.md; X stands for Src and Dst. */
function columnsUnder(heading: string): string[] {
  const [, section = ''] = readText('docs/asim.md').split(`\n${heading}\n`);
  const rows = section
    .split(/\n##/, 1)
    .join('')
    .matchAll(/^\| (`.*?) \|/gm);
  return [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].flatMap(([, column = '']) =>
      /^X[A-Z]/.test(column) ? [`Src${column.slice(1)}`, `Dst${column.slice(1)}`] : [column],
    ),
  );
}

/** Of every table. */
const platform = ['TenantId', 'SourceSystem', 'Type', '_ResourceId', '_SubscriptionId', '_BilledSize', '_IsBillable'];

test('a DCR would accept the transform, and the table its result', () => {
  expect(problemsOfTransform(transform, table)).toEqual([]);
});

test('every column of the table is filled or named as never filled, and docs/asim.md has both lists right', () => {
  const filled = columnsUnder('## What each column is made from');
  const never = columnsUnder('### Never filled');
  expect(filled.toSorted()).toEqual(produced.toSorted());
  expect([...filled, ...never, ...platform].toSorted()).toEqual(Object.keys(table).toSorted());
});

test('the transform never leaves out a column that the schema requires', () => {
  const mandatory = [
    'TimeGenerated',
    'EventCount',
    'EventStartTime',
    'EventEndTime',
    'EventType',
    'EventResult',
    'EventProduct',
    'EventVendor',
    'EventSchemaVersion',
    'Dvc',
  ];
  expect(produced).toEqual(expect.arrayContaining(mandatory));
});

test.each([
  'DvcId',
  'DvcDomain',
  'SrcDomain',
  'DstDomain',
  'SrcDvcId',
  'DstDvcId',
  'SrcUserId',
  'DstUserId',
  'SrcUsername',
  'DstUsername',
])('%s comes with its type', (column) => {
  expect(produced).toEqual(expect.arrayContaining([column, `${column}Type`]));
});

test('the transform names every column that the mapping fills, so no value is lost', () => {
  const filled = keysOf(mapping).filter((column) => mapping[column].kind === 'filled');
  const words = new Set(withoutComments(transform).match(/\w+/g));
  expect(filled.filter((column) => !words.has(column))).toEqual([]);
});

test('each mistake in the transform is a problem', () => {
  const mistakes = [
    ['iif(', 'iff(', 'a transform may not call iff()'],
    ['EventSeverity =', 'EventSeveritys =', 'the table has no column EventSeveritys'],
    ['EventSchemaVersion = "0.2.7"', 'EventSchemaVersion = 2', 'EventSchemaVersion is long, in the table string'],
    ['SrcDvcFqdn', 'SrcDvcFQDN', expect.stringContaining('SrcDvcFQDN')],
    ['| project\n', '| take 1\n| project\n', expect.stringContaining('a transform may not use')],
  ] as const;
  const wrong = mistakes.reduce((text, [right, mistake]) => text.replace(right, mistake), transform);
  const told = problemsOfTransform(wrong, table).map(({ message }) => message);
  for (const [, , message] of mistakes) expect(told).toContainEqual(message);
});
