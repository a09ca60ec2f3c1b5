import { randomInt } from 'node:crypto';
import { Books } from '../../../shared/books';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';

/**
 * Names the device of every record that this command sends. The hunting queries and rules leave it out
 * (infra/queries/hunting/beginnings/), so it must not change. A name of RFC 2606, which no device can have.
 */
const markedDevice = 'network-sessions-check.example';

export interface MarkedRecord {
  /** The message, as Defender sends one record. */
  readonly body: string;
  /** What the app gives its row, whatever the settings are. */
  readonly eventUid: string;
}

/** A record that no device has sent, with a mark, and with addresses and names that are reserved for documentation. */
export async function markedRecord(now: Date): Promise<MarkedRecord> {
  const time = now.toISOString();
  const record = {
    time,
    tenantId: '00000000-0000-0000-0000-000000000000',
    operationName: 'Publish',
    category: 'AdvancedHunting-DeviceNetworkEvents',
    properties: {
      Timestamp: time,
      DeviceId: '0'.repeat(40),
      DeviceName: markedDevice,
      // Two runs within a millisecond are two events.
      ReportId: randomInt(1, 2 ** 31),
      ActionType: 'ConnectionSuccess',
      Protocol: 'Tcp',
      LocalIP: '192.0.2.1',
      LocalPort: 49_152,
      RemoteIP: '198.51.100.1',
      RemotePort: 443,
      RemoteUrl: markedDevice,
      AdditionalFields: JSON.stringify({ NetworkSessionsCheck: 'npm run doctor -- --send' }),
    },
  };
  const body = JSON.stringify({ records: [record] });
  return { body, eventUid: await eventUidOf(body) };
}

async function eventUidOf(body: string): Promise<string> {
  const batch = { hub: '', partition: '', messages: [{ body: Buffer.from(body), sequenceNumber: '0' }] };
  const { rows } = await transformBatch(batch, defaultTransformSettings, new Books());
  const [row] = rows;
  if (row === undefined) throw new Error('The marked record becomes no row.');
  return row.uid;
}
