import { countedTwiceQuery } from '../../cli/doctor/asim/deviceCounts';
import { readText } from '../../scripts/kql/queryFiles';
import { evaluateRows } from './evaluator/evaluate';
import { type TableRow, tablesWith } from './workspaceTables';

const now = '2026-11-29T12:00:00Z';
const today = '2026-11-29T08:00:00Z';
const yesterday = '2026-11-28T08:00:00Z';
const own = { EventProduct: 'M365 Defender for Endpoint', AdditionalFields: { EventUid: 'u' } };

const rows: Readonly<Record<string, readonly TableRow[]>> = {
  DeviceNetworkEvents: [
    { TimeGenerated: today, DeviceName: 'Both.corp.example' },
    { TimeGenerated: today, DeviceName: 'both.corp.example.' },
    { TimeGenerated: today, DeviceName: 'old.corp.example' },
    { TimeGenerated: today, DeviceName: 'alone' },
    { TimeGenerated: today, DeviceName: 'asim.corp.example' },
    { TimeGenerated: yesterday, DeviceName: 'gone' },
    { TimeGenerated: today, DeviceName: '' },
  ],
  NetworkSessions_CL: [
    { TimeGenerated: today, DvcHostname: 'both.corp.example' },
    { TimeGenerated: today, DvcHostname: 'moved.corp.example' },
    { TimeGenerated: yesterday, DvcHostname: 'old.corp.example' },
    { TimeGenerated: today },
  ],
  ASimNetworkSessionLogs: [
    { TimeGenerated: today, DvcFQDN: 'moved.corp.example', DvcHostname: 'moved', ...own },
    { TimeGenerated: today, DvcFQDN: 'asim.corp.example', DvcHostname: 'asim', ...own },
    { TimeGenerated: today, DvcHostname: 'short', ...own },
    // Of another source.
    { TimeGenerated: today, DvcHostname: 'alone', EventProduct: 'Firewall', AdditionalFields: { EventUid: 'u' } },
    { TimeGenerated: today, DvcHostname: 'alone', EventProduct: own.EventProduct },
  ],
};

const query = (tables: Readonly<Record<string, readonly TableRow[]>>): Record<string, unknown>[] =>
  evaluateRows(readText(countedTwiceQuery), { tables: tablesWith(tables), now });

test('devices of the last day are counted by table, in any spelling of their name, and only rows of this app in ASim', () => {
  expect(query(rows)).toEqual([
    {
      // both, old, alone, asim
      BuiltIn: 4,
      // both, moved
      Custom: 2,
      // moved, asim, short
      Asim: 3,
      BuiltInAndCustom: 1,
      BuiltInAndAsim: 1,
      CustomAndAsim: 1,
      // old, alone
      OnlyBuiltIn: 2,
    },
  ]);
});

test('without any row the query still answers with a row of zeros', () => {
  const zeros = {
    BuiltIn: 0,
    Custom: 0,
    Asim: 0,
    BuiltInAndCustom: 0,
    BuiltInAndAsim: 0,
    CustomAndAsim: 0,
    OnlyBuiltIn: 0,
  };
  expect(query({})).toEqual([zeros]);
});
