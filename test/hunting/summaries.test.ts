import { readText } from '../../scripts/kql/queryFiles';
import { evaluateRows } from '../kql/evaluator/evaluate';
import { tablesWith } from '../kql/workspaceTables';

const at = (time: string): string => `2026-11-21T${time}:00Z`;
const common = {
  DvcHostname: 'pc1',
  EventSubType: 'ConnectionSuccess',
  NetworkDirection: 'Outbound',
  EventResult: 'Success',
};
const named = { DstDomainHostname: 'WWW.example.com', DstIpAddr: '203.0.113.1', DstPortNumber: 443 };
/**
 * A session of ten events that was stored twice, two others to the same name, and a failure to an address. Of pc3: a question
 * to DNS, and a session with a device inside.
 */
const rows = [
  { ...common, ...named, TimeGenerated: at('08:00'), EventUid: 'a', EventCount: 10 },
  { ...common, ...named, TimeGenerated: at('08:00'), EventUid: 'a', EventCount: 10 },
  {
    ...common,
    ...named,
    TimeGenerated: at('09:00'),
    EventUid: 'b',
    EventCount: 1,
    DstDomainHostname: 'www.example.com',
  },
  { ...common, ...named, TimeGenerated: at('10:00'), EventUid: 'c', EventCount: 1, DvcHostname: 'pc2' },
  {
    ...common,
    TimeGenerated: at('11:00'),
    EventUid: 'd',
    EventCount: 1,
    EventResult: 'Failure',
    DstIpAddr: '203.0.113.2',
  },
  {
    ...common,
    TimeGenerated: at('11:10'),
    EventUid: 'e',
    EventCount: 1,
    DvcHostname: 'pc3',
    EventSubType: 'DnsConnectionInspected',
    DstDomainHostname: 'asked.example.com',
    DstIpAddr: '10.0.0.53',
    DstPortNumber: 53,
  },
  {
    ...common,
    TimeGenerated: at('11:20'),
    EventUid: 'f',
    EventCount: 1,
    DvcHostname: 'pc3',
    DstDvcFqdn: 'files.corp.example.com',
    DstIpAddr: '10.0.0.9',
    DstPortNumber: 445,
  },
];

function summary(name: string) {
  const tables = tablesWith({ NetworkSessions_CL: rows });
  return evaluateRows(readText(`infra/queries/summaries/${name}.kql`), { tables, now: at('12:00') });
}

test('daily totals count every row, each session once, and what the rows stand for', () => {
  const outbound = { ActionType: 'ConnectionSuccess', Direction: 'Outbound', Action: '' };
  expect(summary('daily-totals')).toEqual([
    { Device: 'pc1', ...outbound, Result: 'Success', Rows: 3, Sessions: 2, Events: 21 },
    { Device: 'pc2', ...outbound, Result: 'Success', Rows: 1, Sessions: 1, Events: 1 },
    { Device: 'pc1', ...outbound, Result: 'Failure', Rows: 1, Sessions: 1, Events: 1 },
    {
      Device: 'pc3',
      ...outbound,
      ActionType: 'DnsConnectionInspected',
      Result: 'Success',
      Rows: 1,
      Sessions: 1,
      Events: 1,
    },
    { Device: 'pc3', ...outbound, Result: 'Success', Rows: 1, Sessions: 1, Events: 1 },
  ]);
});

test('daily destinations have what was reached, by its name in lower case, and nothing that was only asked of DNS', () => {
  expect(summary('daily-destinations')).toEqual([
    {
      Destination: 'www.example.com',
      Port: 443,
      Devices: 2,
      Sessions: 3,
      First: '2026-11-21T08:00:00.0000000Z',
      Last: '2026-11-21T10:00:00.0000000Z',
    },
    {
      Destination: 'files.corp.example.com',
      Port: 445,
      Devices: 1,
      Sessions: 1,
      First: '2026-11-21T11:20:00.0000000Z',
      Last: '2026-11-21T11:20:00.0000000Z',
    },
  ]);
});
