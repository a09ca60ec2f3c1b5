import { neverFilled } from '../../../scripts/asim/asimReference';
import { bothEnds } from '../../../scripts/asim/renderKql';
import { analyse, type Columns } from '../../../scripts/kql/languageService';
import { problemsOfTransform } from '../../../scripts/kql/queryChecks';
import { readText } from '../../../scripts/kql/queryFiles';
import { filledColumns, platform, stream, workspaceTables } from '../../../scripts/kql/tableSchemas';

const transform = readText('infra/transforms/asimNetworkSessionLogs.kql');
const table: Columns = workspaceTables().find(({ name }) => name === 'ASimNetworkSessionLogs')?.columns ?? {};
const produced = Object.keys(analyse(transform, stream).columns);

test('a DCR would accept the transform, the table its result, and no column that the mapping fills is lost', () => {
  expect(problemsOfTransform(transform, table, filledColumns)).toEqual([]);
});

test('every column of the table is filled or named as never filled, and none is both', () => {
  const never = Object.keys(
    bothEnds(
      Object.fromEntries(
        Object.values(neverFilled)
          .flat()
          .map((name) => [name, name]),
      ),
    ),
  );
  expect([...produced, ...never, ...Object.keys(platform)].toSorted()).toEqual(Object.keys(table).toSorted());
});
