import declared from '../../../infra/networkSessions.columns.json';
import { columns } from '../../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../../shared/sessions/row';

test('the columns are those of the DCR, with the same types, in the same order', () => {
  expect(Object.entries(columns)).toEqual(declared.map(({ name, type }) => [name, type]));
});

test('an application may write all but the four platform columns', () => {
  const own = declared
    .map(({ name }) => name)
    .filter((name) => !/^(TenantId|Type|SourceSystem|EventTimeIngested)$/.test(name));
  expect(writableColumns).toEqual(own);
  expect(own).toHaveLength(121);
});
