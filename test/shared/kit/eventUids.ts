import { readMessage } from '../../../shared/defender/readMessage';
import { transform } from '../../../shared/transform/transform';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { tenantId } from './recordKit';

/** The EventUid of the row that the first record of a message becomes. */
export function uidOf(message: string | Uint8Array): string | undefined {
  const [part] = readMessage(message);
  if (part?.kind !== 'record') throw new Error('The test meant a record.');
  const result = transform(part, defaultTransformSettings);
  return result.kind === 'row' ? result.columns.EventUid : undefined;
}

export function networkRecord(
  columns: string,
  category = 'AdvancedHunting-DeviceNetworkEvents',
  tenant = tenantId,
): string {
  return `{"records":[{"tenantId":"${tenant}","category":"${category}","properties":{${columns}}}]}`;
}

export const device = '0123456789abcdef0123456789abcdef01234567';
export const firstColumns = `"DeviceId":"${device}","Timestamp":"2026-11-21T08:15:28.18835Z","ReportId":6213,"ActionType":"ConnectionSuccess","LocalIP":"10.20.30.41","LocalPort":50123,"RemoteIP":"203.0.113.80","RemotePort":443,"RemoteUrl":"www.example.com/a?b=1"`;
export const firstName = `${tenantId}|DeviceNetworkEvents|${device}|2026-11-21T08:15:28.1883500Z|6213`;
export const firstUid = '0626b02a-6459-5e75-b5d0-36db9a6f8166';

interface Vector {
  readonly what: string;
  readonly message: string;
  /** By the recipe, written by hand. */
  readonly name: string;
  /** UUIDv5 of the name, from another program than this one. */
  readonly uid: string;
}

/** Stored rows have these EventUids, so they never change. */
export const vectors: readonly Vector[] = [
  {
    what: 'all parts',
    message: networkRecord(firstColumns),
    name: `${firstName}|ConnectionSuccess|10.20.30.41|50123|203.0.113.80|443|www.example.com/a?b=1`,
    uid: firstUid,
  },
  {
    what: 'a ReportId past 2^53, no URL',
    message: networkRecord(
      `"DeviceId":"${device}","Timestamp":"2026-11-21T08:15:28Z","ReportId":639199916335081329,"ActionType":"FirewallInboundConnectionBlocked","LocalIP":"10.20.30.41","LocalPort":3389,"RemoteIP":"198.51.100.9","RemotePort":50111`,
      'AdvancedHunting-DeviceEvents',
    ),
    name: `${tenantId}|DeviceEvents|${device}|2026-11-21T08:15:28.0000000Z|639199916335081329|FirewallInboundConnectionBlocked|10.20.30.41|3389|198.51.100.9|50111|`,
    uid: '6d52869f-e079-53cd-9de7-16a22fc50440',
  },
  {
    what: 'no remote end',
    message: networkRecord(
      `"DeviceId":"${device}","Timestamp":"2026-11-21T08:15:28.18835Z","ReportId":6213,"ActionType":"ListeningConnectionCreated","LocalIP":"0.0.0.0","LocalPort":8080`,
    ),
    name: `${firstName}|ListeningConnectionCreated|0.0.0.0|8080|||`,
    uid: '7977eabd-3857-5a06-9997-d0235a26058d',
  },
  {
    what: 'no ReportId: the whole record, keys sorted, numbers as spelt, nulls kept',
    message: networkRecord(
      '"Timestamp":"2026-01-01T00:00:00Z","DeviceId":"d","LocalPort":1.50,"RemotePort":1E2,"Big":9007199254740993,"RemoteUrl":null',
    ),
    name: `${tenantId}|DeviceNetworkEvents|{"Big":9007199254740993,"DeviceId":"d","LocalPort":1.50,"RemotePort":1E2,"RemoteUrl":null,"Timestamp":"2026-01-01T00:00:00Z"}`,
    uid: '85fbeece-6962-5a09-8f29-4cb17ba5cf80',
  },
  {
    what: 'no tenant: an empty text in its place',
    message: '{"category":"DeviceNetworkEvents","properties":{"Timestamp":"2026-01-01T00:00:00Z"}}',
    name: '|DeviceNetworkEvents|{"Timestamp":"2026-01-01T00:00:00Z"}',
    uid: 'c66501e9-9d14-5617-8ef1-563f88ebe88d',
  },
];
