import * as fc from 'fast-check';
import { proportions } from '../src';
import { end, type Row, rowsOf, streamOf, tallyOf, textOf } from './streamSetup';

const messages = streamOf({ records: 20_000, oddities: false });
const rows = rowsOf(messages);
const networkEvents = rows.filter(({ table }) => table === 'DeviceNetworkEvents');

/** As streamed in 2025, oldest column first. */
const columns = [
  'DeviceName',
  'DeviceId',
  'ReportId',
  'RemoteIP',
  'RemotePort',
  'LocalIP',
  'LocalPort',
  'Protocol',
  'RemoteUrl',
  'InitiatingProcessCreationTime',
  'InitiatingProcessId',
  'InitiatingProcessCommandLine',
  'InitiatingProcessParentCreationTime',
  'InitiatingProcessParentId',
  'InitiatingProcessParentFileName',
  'InitiatingProcessSHA1',
  'InitiatingProcessMD5',
  'InitiatingProcessFolderPath',
  'InitiatingProcessAccountName',
  'InitiatingProcessAccountDomain',
  'InitiatingProcessAccountSid',
  'InitiatingProcessFileName',
  'InitiatingProcessIntegrityLevel',
  'InitiatingProcessTokenElevation',
  'AppGuardContainerId',
  'LocalIPType',
  'RemoteIPType',
  'ActionType',
  'InitiatingProcessSHA256',
  'InitiatingProcessAccountUpn',
  'InitiatingProcessAccountObjectId',
  'AdditionalFields',
  'InitiatingProcessFileSize',
  'InitiatingProcessVersionInfoCompanyName',
  'InitiatingProcessVersionInfoProductName',
  'InitiatingProcessVersionInfoProductVersion',
  'InitiatingProcessVersionInfoInternalFileName',
  'InitiatingProcessVersionInfoOriginalFileName',
  'InitiatingProcessVersionInfoFileDescription',
  'Timestamp',
  'MachineGroup',
  'InitiatingProcessSessionId',
  'IsInitiatingProcessRemoteSession',
  'InitiatingProcessRemoteSessionDeviceName',
  'InitiatingProcessRemoteSessionIP',
  'InitiatingProcessUniqueId',
];

describe('Families', () => {
  test('have shares that add up to 10,000', () => {
    expect(proportions.size).toBeGreaterThan(60);
    expect([...proportions.values()].reduce((total, share) => total + share, 0)).toBe(10_000);
  });

  // 20,000 records: four standard deviations of a Poisson distribution, and one record more.
  test.each([...new Set([...proportions.keys()].map((name) => name.split(' ')[0] ?? ''))])(
    '%s is as frequent as stated',
    (action) => {
      const named = [...proportions].filter(([name]) => name.split(' ')[0] === action);
      const wanted = 2 * named.reduce((total, [, share]) => total + share, 0);
      const found = rows.filter(
        ({ table, properties }) => properties['ActionType'] === action || (table === action && table === 'DeviceInfo'),
      ).length;
      expect(Math.abs(found - wanted)).toBeLessThan(4 * Math.sqrt(wanted) + 1);
    },
  );

  test('can be mixed otherwise: those that are not named are left out', () => {
    const shares = { ConnectionFailed: 3, NamedPipeEvent: 1 };
    const found = tallyOf(
      rowsOf(streamOf({ records: 2000, shares, oddities: false })).map((row) => textOf(row, 'ActionType')),
    );
    expect([...found.keys()].toSorted()).toEqual(['ConnectionFailed', 'NamedPipeEvent']);
    expect(found.get('NamedPipeEvent')).toBeGreaterThan(420);
    expect(found.get('NamedPipeEvent')).toBeLessThan(580);
  });

  test('of hourly reports say for how many events they stand, and no local port', () => {
    const reports = networkEvents.filter((row) => textOf(row, 'ActionType').endsWith('AggregatedReport'));
    expect(reports.length).toBeGreaterThan(100);
    for (const { properties } of reports) {
      expect(properties['LocalPort']).toBe(0);
      expect(properties['AdditionalFields']).toMatch(/^\{"uniqueEventsAggregated":\d+\}$/);
    }
  });
});

describe('Records', () => {
  test('take 2 to 2.5 KB on average, like those that were captured', () => {
    const bytes = messages.reduce((total, { body }) => total + body.length, 0) / 20_000;
    expect(bytes).toBeGreaterThan(2000);
    expect(bytes).toBeLessThan(2500);
  });

  test('come of as many devices as asked for, and of as many processes of a program', () => {
    const many = rowsOf(streamOf({ records: 5000, devices: 3000, processes: 40, oddities: false }));
    const devices = new Set(many.map(({ properties }) => properties['DeviceId']));
    expect(devices.size).toBeGreaterThan(1000);
    const one = rowsOf(streamOf({ records: 5000, devices: 1, processes: 40, oddities: false }));
    expect(new Set(one.map(({ properties }) => properties['DeviceName'])).size).toBeLessThanOrEqual(2);
    const chromes = one.filter(({ properties }) => properties['InitiatingProcessFileName'] === 'chrome.exe');
    const ids = new Set(chromes.map(({ properties }) => properties['InitiatingProcessUniqueId']));
    expect(ids.size).toBeGreaterThan(35);
    expect(ids.size).toBeLessThanOrEqual(41);
  });
});

describe('Tables', () => {
  test('are mostly DeviceNetworkEvents, with some of each of the others', () => {
    const tables = tallyOf(rows.map(({ table }) => table));
    expect([...tables.keys()].toSorted()).toEqual([
      'CloudAppEvents',
      'DeviceEvents',
      'DeviceInfo',
      'DeviceLogonEvents',
      'DeviceNetworkEvents',
      'DeviceProcessEvents',
      'NetworkCommunicationEvents',
      'UrlClickEvents',
    ]);
    expect(networkEvents.length / rows.length).toBeGreaterThan(0.8);
    expect(networkEvents.length / rows.length).toBeLessThan(0.95);
  });

  test('some ReportIds are past what a double holds', () => {
    const bodies = messages.map(({ body }) => body.toString());
    const long = bodies.flatMap((text) =>
      [...text.matchAll(/"ReportId":(\d{16,})/g)].map(([, digits]) => digits ?? ''),
    );
    expect(long.length).toBeGreaterThan(10);
    for (const digits of long) expect(String(BigInt(Number(digits)))).not.toBe(digits);
  });
});

describe('A DeviceNetworkEvents record', () => {
  test('has all 46 columns, in the order of the stream', () => {
    const orders = tallyOf(networkEvents.map(({ properties }) => Object.keys(properties).join(' ')));
    expect([...orders.keys()]).toEqual([columns.join(' ')]);
  });

  test('has AdditionalFields as null or a text that holds an object; inspections hold texts only', () => {
    const kinds = networkEvents.map((row) => {
      const fields = row.properties['AdditionalFields'];
      if (fields === null) return 'null';
      const parsed: unknown = JSON.parse(textOf(row, 'AdditionalFields'));
      if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return 'something else';
      if (!/(Connection|Authentication)Inspected$/.test(textOf(row, 'ActionType'))) return 'object';
      return Object.values(parsed).every((value) => typeof value === 'string') ? 'object of texts' : 'mixed inspection';
    });
    expect(new Set(kinds)).toEqual(new Set(['null', 'object', 'object of texts']));
  });

  test('of an inspection has the side that connected as Local, also where that is not the device', () => {
    const inbound = networkEvents.filter(
      (row) =>
        /^(Ssl|Ssh|Http|Ntlm)/.test(textOf(row, 'ActionType')) &&
        textOf(row, 'AdditionalFields').includes('"direction":"In"'),
    );
    expect(inbound.length).toBeGreaterThan(50);
    expect(inbound.filter((row) => Number(textOf(row, 'LocalPort')) < Number(textOf(row, 'RemotePort')))).toEqual([]);
  });

  test('has its own ReportId and time: no two rows of a device share both', () => {
    const keys = networkEvents.map((row) =>
      ['DeviceId', 'ReportId', 'Timestamp'].map((key) => textOf(row, key)).join(' '),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });
});

/** Of an ISO time, in ticks of 100 ns since the first of the month: since the epoch they would not fit a double. */
const monthOfEnd = Date.parse('2026-11-01T00:00:00Z');

function ticks(time: string): number {
  const [whole = '', fraction = ''] = time.replace('Z', '').split('.');
  return (Date.parse(`${whole}Z`) - monthOfEnd) * 10_000 + Number(fraction.padEnd(7, '0'));
}

function timeOf(row: Row): string {
  return textOf(row, row.table === 'NetworkCommunicationEvents' ? 'EventTime' : 'Timestamp');
}

describe('Times', () => {
  test('an event is received after it happened, and published after that, always with seven digits', () => {
    expect(rows.filter((row) => ticks(row.received) <= ticks(timeOf(row)))).toEqual([]);
    expect(rows.filter((row) => ticks(row.published) <= ticks(row.received))).toEqual([]);
    const stamps = rows.flatMap(({ published, received }) => [published, received]);
    expect(stamps.filter((stamp) => !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/.test(stamp))).toEqual([]);
  });

  test('nearly all events are published within four minutes, and a few much later', () => {
    const late = rows.filter((row) => ticks(row.published) - ticks(timeOf(row)) > 240 * 10_000_000);
    expect(late.length).toBeGreaterThan(0);
    expect(late.length / rows.length).toBeLessThan(0.01);
  });

  test('events lie within the hour before the end, and the newest is at the end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), (records, seed) => {
        const times = rowsOf(streamOf({ records, seed, oddities: false })).map((row) => Date.parse(timeOf(row)));
        expect(Math.max(...times)).toBe(end.getTime());
        expect(Math.min(...times)).toBeGreaterThanOrEqual(end.getTime() - 3_600_000);
      }),
      { numRuns: 30 },
    );
  });

  test('a process starts before it connects', () => {
    const started = networkEvents.filter(({ properties }) => properties['InitiatingProcessCreationTime'] !== null);
    expect(started.length).toBeGreaterThan(1000);
    const early = started.filter((row) => ticks(textOf(row, 'InitiatingProcessCreationTime')) >= ticks(timeOf(row)));
    expect(early).toEqual([]);
  });
});
