import { firstEventQuery } from '../../cli/doctor/send/firstEventQuery';
import { readText } from '../../scripts/kql/queryFiles';
import { evaluateRows } from './evaluator/evaluate';
import { type TableRow, tablesWith } from './workspaceTables';

const now = '2026-11-29T12:00:00Z';
const earlier = '2026-11-29T11:59:00Z';
const [own, other] = ['11111111-2222-5333-8444-555555555555', '99999999-2222-5333-8444-555555555555'];

const query = (tables: Readonly<Record<string, readonly TableRow[]>>): Record<string, unknown>[] =>
  evaluateRows(readText(firstEventQuery).replace(/0{8}-0{4}-0{4}-0{4}-0{12}/, own), {
    tables: tablesWith(tables),
    now,
  });

test('the row of the record is found in either table, and no other row', () => {
  const custom = {
    NetworkSessions_CL: [
      { TimeGenerated: now, EventUid: own },
      { TimeGenerated: now, EventUid: other },
    ],
  };
  const asim = [own, other].map((EventUid) => ({ TimeGenerated: now, AdditionalFields: { EventUid } }));
  expect(query(custom)).toMatchObject([{ Table: 'NetworkSessions_CL', Received: null }]);
  expect(query({ ASimNetworkSessionLogs: asim })).toMatchObject([{ Table: 'ASimNetworkSessionLogs' }]);
});

test('of a row that was stored twice, the first one comes first', () => {
  const rows = [now, earlier].map((TimeGenerated) => ({ TimeGenerated, EventUid: own }));
  const found = query({ NetworkSessions_CL: rows });
  expect(found.map(({ Stored }) => Stored)).toEqual([
    expect.stringMatching(/^2026-11-29T11:59:00/),
    expect.stringMatching(/^2026-11-29T12:00:00/),
  ]);
});

test('without the row the answer has no rows', () => {
  expect(query({})).toEqual([]);
});
