import { analyse, type Columns } from '../../../scripts/kql/languageService';
import { problemsOfTransform } from '../../../scripts/kql/queryChecks';
import { readText } from '../../../scripts/kql/queryFiles';
import { filledColumns, stream, workspaceTables } from '../../../scripts/kql/tableSchemas';

const transform = readText('infra/transforms/asimNetworkSessionLogs.kql');
const table: Columns = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs')?.columns ?? {};
const produced = Object.keys(analyse(transform, stream).columns);

/** Columns named in the first cells of a table, for each section of docs/asim.md; X stands for Src and Dst. */
const sections = readText('docs/asim.md')
  .split(/^#+ /m)
  .map((section) => Array.from(section.matchAll(/^\| (`.*?) \|/gm), ([, cell]) => cell).join(' '))
  .map((cells) => Array.from(cells.matchAll(/`(\w+)`/g), ([, column = '']) => column))
  .map((names) =>
    names.flatMap((name) => (/^X[A-Z]/.test(name) ? ['Src', 'Dst'].map((end) => end + name.slice(1)) : name)),
  )
  .map((names) => names.toSorted());

/** Of every table. */
const platform = new Set([
  'TenantId',
  'SourceSystem',
  'Type',
  '_ResourceId',
  '_SubscriptionId',
  '_BilledSize',
  '_IsBillable',
]);

test('a DCR would accept the transform, the table its result, and no column that the mapping fills is lost', () => {
  expect(problemsOfTransform(transform, table, filledColumns)).toEqual([]);
});

test('every column of the table is filled or named as never filled, and docs/asim.md has both lists right', () => {
  const never = Object.keys(table).filter((column) => !produced.includes(column) && !platform.has(column));
  expect(never.length * produced.length).toBeGreaterThan(0);
  expect(sections).toContainEqual(produced.toSorted());
  expect(sections).toContainEqual(never.toSorted());
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
