import { type EventKey, eventUidOf, type Outcome, type RowOutcome, type StreamMessage } from '../src';
import { isPublished, type Properties, readBody, streamOf, tallyOf } from './streamSetup';

const key: EventKey = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  table: 'DeviceNetworkEvents',
  deviceId: '0123456789abcdef0123456789abcdef01234567',
  timestamp: '2026-11-21T08:15:28.1883500Z',
  reportId: '6213',
  actionType: 'ConnectionSuccess',
  localIp: '10.20.30.41',
  localPort: '50123',
  remoteIp: '203.0.113.80',
  remotePort: '443',
  remoteUrl: 'www.example.com/a?b=1',
};

describe('The EventUid that the generator states', () => {
  // The vectors of the contract; each is uuid.uuid5 of Python, too.
  test.each<[string, string, EventKey]>([
    ['of a connection', '0626b02a-6459-5e75-b5d0-36db9a6f8166', key],
    [
      'of a blocked connection, with a ReportId past what a double holds',
      '6d52869f-e079-53cd-9de7-16a22fc50440',
      {
        ...key,
        table: 'DeviceEvents',
        timestamp: '2026-11-21T08:15:28.0000000Z',
        reportId: '639199916335081329',
        actionType: 'FirewallInboundConnectionBlocked',
        localPort: '3389',
        remoteIp: '198.51.100.9',
        remotePort: '50111',
        remoteUrl: '',
      },
    ],
    [
      'of an open port, without a remote end',
      '7977eabd-3857-5a06-9997-d0235a26058d',
      {
        ...key,
        actionType: 'ListeningConnectionCreated',
        localIp: '0.0.0.0',
        localPort: '8080',
        remoteIp: '',
        remotePort: '',
        remoteUrl: '',
      },
    ],
  ])('%s is that of the contract', (_, uid, of) => {
    expect(eventUidOf(of)).toBe(uid);
  });

  test('is the same in capitals', () => {
    const shouted = { ...key, tenantId: key.tenantId.toUpperCase(), deviceId: key.deviceId.toUpperCase() };
    expect(eventUidOf(shouted)).toBe(eventUidOf(key));
  });
});

/** Each record with what must become of it, where the message can be read. */
function recordsOf(messages: Iterable<StreamMessage>): { record: Properties; category: string; outcome: Outcome }[] {
  return [...messages].flatMap(({ body, outcomes }) => {
    const records = readBody(body) ?? [];
    if (records.length !== outcomes.length) return [];
    return records.flatMap((record, i) => {
      const outcome = outcomes[i];
      if (!isPublished(record) || !record.properties || outcome === undefined) return [];
      return [{ record: record.properties, category: record.category ?? '', outcome }];
    });
  });
}

const records = recordsOf(streamOf({ records: 20_000, oddityInterval: 50 }));
const rows = records.flatMap(({ record, category, outcome }) =>
  outcome.state === 'row' ? [{ record, category, outcome }] : [],
);

/** A column's value as text. */
function textIn(record: Properties, column: string, otherwise = '-'): string {
  const value = record[column];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
}

function rowsOf(action: string, details = ''): { record: Properties; outcome: RowOutcome }[] {
  const found = rows.filter(
    ({ record }) => record['ActionType'] === action && textIn(record, 'AdditionalFields').includes(details),
  );
  expect(found.length).toBeGreaterThan(0);
  return found;
}

describe('The session that the generator states', () => {
  // Written by hand from the rules of the mapping: which end is the source, and which direction the row has.
  test.each([
    ['ConnectionSuccess', '', 'Outbound', 'Local', 'Remote'],
    ['ConnectionFailed', '', 'Outbound', 'Local', 'Remote'],
    ['ConnectionRequest', '', 'Outbound', 'Local', 'Remote'],
    ['InboundConnectionAccepted', '', 'Inbound', 'Remote', 'Local'],
    ['InboundConnectionAttempt', '', 'Inbound', 'Remote', 'Local'],
    ['ConnectionAttempt', '"direction":"In"', 'Inbound', 'Remote', 'Local'],
    ['ConnectionAttempt', '"direction":"Out"', 'Outbound', 'Local', 'Remote'],
    ['ConnectionAcknowledged', '', 'Outbound', 'Local', 'Remote'],
    ['InboundConnectionAcknowledged', '', 'Inbound', 'Remote', 'Local'],
    ['InboundInternetScanInspected', '', 'Inbound', 'Local', 'Remote'],
    ['NetworkSignatureInspected', '', undefined, 'Remote', 'Local'],
    ['SslConnectionInspected', '"direction":"In"', 'Inbound', 'Local', 'Remote'],
    ['SslConnectionInspected', '"direction":"Out"', 'Outbound', 'Local', 'Remote'],
    ['IcmpConnectionInspected', '"direction":"In"', 'Inbound', 'Local', 'Remote'],
    ['ListeningConnectionCreated', '', undefined, undefined, 'Local'],
    ['ConnectionMigrated', '', undefined, 'Local', 'Remote'],
    ['FirewallInboundConnectionBlocked', '', 'Inbound Deny', 'Remote', 'Local'],
    ['ExploitGuardNetworkProtectionBlocked', '', 'Outbound Deny', 'Local', 'Remote'],
    ['ExploitGuardNetworkProtectionAudited', '', 'Outbound Allow', 'Local', 'Remote'],
  ])('of %s %s is %s, from %s to %s', (action, details, direction, source, destination) => {
    for (const { record, outcome } of rowsOf(action, details)) {
      const end = (name: string | undefined): string => {
        const ip = name === undefined ? '-' : textIn(record, `${name}IP`).replace(/^::ffff:(?=\d)/, '');
        const port = name === undefined ? null : record[`${name}Port`];
        return `${ip} ${typeof port === 'number' && port > 0 ? port : '-'}`;
      };
      // Ports that are texts are the same numbers.
      if (typeof record['LocalPort'] === 'string' || typeof record['RemotePort'] === 'string') continue;
      const [whole = '', fraction = ''] = textIn(record, 'Timestamp', textIn(record, 'EventTime'))
        .replace('Z', '')
        .split('.');
      const time = `${whole}.${fraction.slice(0, 6).padEnd(6, '0')}Z`;
      const words = [time, action, direction].filter((word) => word !== undefined).join(' ');
      expect(outcome.session).toBe(`${words} ${end(source)} > ${end(destination)}`);
    }
  });
});

describe('Each record of a stream', () => {
  test('that becomes a row has an EventUid of its own; a duplicate has that of a row before it in the message', () => {
    const uids = rows.map(({ outcome }) => outcome.uid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const { outcomes } of streamOf({ records: 20_000, oddityInterval: 50 })) {
      const before = new Set<string>();
      for (const outcome of outcomes) {
        if (outcome.state === 'duplicate') expect(before).toContain(outcome.uid);
        if (outcome.state === 'row') before.add(outcome.uid);
      }
    }
  });

  test('has its EventUid made of what was sent', () => {
    const plain = rows.filter(({ category }) => category === 'AdvancedHunting-DeviceNetworkEvents').slice(0, 2000);
    const streamed = streamOf({ records: 20_000, oddityInterval: 50 })[0]?.body.toString() ?? '';
    const tenantId = /"tenantId":"([^"]+)"/.exec(streamed)?.[1] ?? '';
    const made = plain.map(({ record }) => {
      const [whole = '', fraction = ''] = textIn(record, 'Timestamp', '').slice(0, -1).split('.');
      return eventUidOf({
        tenantId,
        table: 'DeviceNetworkEvents',
        deviceId: textIn(record, 'DeviceId', ''),
        timestamp: `${whole}.${fraction.padEnd(7, '0')}Z`,
        reportId: textIn(record, 'ReportId', ''),
        actionType: textIn(record, 'ActionType', ''),
        localIp: textIn(record, 'LocalIP', ''),
        localPort: textIn(record, 'LocalPort', ''),
        remoteIp: textIn(record, 'RemoteIP', ''),
        remotePort: textIn(record, 'RemotePort', ''),
        remoteUrl: textIn(record, 'RemoteUrl', ''),
      });
    });
    // All but the few of another tenant.
    const other = made.filter((uid, i) => uid !== plain[i]?.outcome.uid);
    expect(other.length).toBeLessThan(20);
  });
});

describe('A pair of events that differ in one part of their key', () => {
  const columns = ['LocalIP', 'LocalPort', 'RemoteIP', 'RemotePort', 'RemoteUrl', 'ActionType', 'ReportId', 'DeviceId'];
  const identity = ['Timestamp', ...columns];

  test.each(identity)('comes for %s', (part) => {
    const rest = identity.filter((name) => name !== part);
    const keys = tallyOf(
      rows.map(({ record, category }) => [category, ...rest.map((name) => textIn(record, name))].join('|')),
    );
    expect([...keys.values()].filter((times) => times === 2).length).toBeGreaterThan(5);
  });

  test('comes for the table, and for the tenant', () => {
    const keys = tallyOf(rows.map(({ record }) => identity.map((name) => textIn(record, name)).join('|')));
    expect([...keys.values()].filter((times) => times === 2).length).toBeGreaterThan(10);
  });
});

test('a full message holds as many records as fit, more than any other', () => {
  const sizes = streamOf({ records: 6000, recordsPerMessage: [1, 40], oddityInterval: 50 }).map(
    ({ outcomes }) => outcomes.length,
  );
  // The last message ends with the stream.
  expect(sizes.slice(0, -1).filter((size) => size > 40 && size <= 300)).toEqual([]);
  expect(sizes.filter((size) => size > 300).length).toBeGreaterThan(1);
});
