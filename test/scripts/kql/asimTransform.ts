import { analyse, type Columns } from '../../../scripts/kql/languageService';
import { problemsOfTransform } from '../../../scripts/kql/queryChecks';
import { readText } from '../../../scripts/kql/queryFiles';
import { filledColumns, stream, workspaceTables } from '../../../scripts/kql/tableSchemas';

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

test('a DCR would accept the transform, the table its result, and no column that the mapping fills is lost', () => {
  expect(problemsOfTransform(transform, table, filledColumns)).toEqual([]);
});

test('a column that the mapping fills and the transform loses is a problem that says where it belongs', () => {
  const without = transform
    .replaceAll(/"HttpVersion", substring\(HttpVersion, 0, 32\),| or isnotempty\(HttpVersion\)/g, '')
    .replace('    DstBytes,\n', '');
  expect(problemsOfTransform(without, table, filledColumns)).toEqual([
    { line: 1, message: 'the mapping fills DstBytes, and the transform loses it: name it under project' },
    { line: 1, message: 'the mapping fills HttpVersion, and the transform loses it: pack it into AdditionalFields' },
  ]);
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
