import { eventUidOf, generateStream, outbound, sessionOf } from 'defender-samples';
import type { ProducedMessage, RecordTruth } from './faultRecords';

/** The DCR of a fault run declares this column with a wrong type, so the service rejects rows that fill it. */
export const rejectedColumn = 'HttpReferrerOriginal';

/** One message in this many has a row that the service rejects. */
const rejectedEvery = 20;

/** The messages of a run. Few records come in small messages, so that there are enough batches for every kind of fault. */
export function* messagesOf(records: number, seed: number): Generator<ProducedMessage> {
  const mean = Math.min(100, Math.max(20, Math.round(records / 125)));
  const recordsPerMessage = [1, 2 * mean - 1] as const;
  const oddityInterval = Math.min(500, Math.max(20, Math.round(records / 100)));
  let messages = 0;
  for (const message of generateStream({ records, seed, end: new Date(), recordsPerMessage, oddityInterval })) {
    if (messages++ % rejectedEvery === 0) {
      yield inspections(messages, message.partitionKey, ['http://example.com/', undefined]);
    }
    yield { ...message, truths: message.outcomes };
  }
}

/** Four rows and nothing else, in another partition than the heartbeat. Their ReportId is far from all others. */
export function fourRows(): ProducedMessage {
  return inspections(1_000_000, 'four rows', [undefined, undefined, undefined, undefined]);
}

/** A message whose only element is not a record. */
export function heartbeat(): ProducedMessage {
  const body = Buffer.from('{"records":["heartbeat"]}');
  return { body, partitionKey: 'heartbeat', truths: [{ state: 'dead', reason: 'NotARecord' }] };
}

/**
 * One record for each referrer. A record with a referrer fills the rejected column, which no other generated record does.
 * It gets a record without one in the same message: a batch of one rejected row, the first of a process, would be held.
 */
export function inspections(
  number: number,
  partitionKey: string,
  referrers: readonly (string | undefined)[],
): ProducedMessage {
  const now = new Date().toISOString();
  const made = referrers.map((referrer, i) => inspection(now, number, i, referrer));
  const records = made.map(({ properties }) => ({ category: 'AdvancedHunting-DeviceNetworkEvents', properties }));
  return {
    body: Buffer.from(JSON.stringify({ records })),
    partitionKey,
    truths: made.map(({ truth }) => truth),
  };
}

function inspection(
  timestamp: string,
  reportId: number,
  index: number,
  referrer: string | undefined,
): { readonly properties: object; readonly truth: RecordTruth } {
  const action = 'HttpConnectionInspected';
  const deviceId = `${index}`.repeat(40);
  const local = { ip: '10.0.0.1', port: 50_000 };
  const remote = { ip: '203.0.113.1', port: 80 };
  const properties = {
    Timestamp: timestamp,
    DeviceId: deviceId,
    DeviceName: 'inspected.example.com',
    ReportId: reportId,
    ActionType: action,
    LocalIP: local.ip,
    LocalPort: local.port,
    RemoteIP: remote.ip,
    RemotePort: remote.port,
    Protocol: 'Tcp',
    AdditionalFields: JSON.stringify({ direction: 'Out', host: 'www.example.com', uri: '/', referrer }),
  };
  const time = timestamp.replace('Z', '0000Z');
  const uid = eventUidOf({
    tenantId: '',
    table: 'DeviceNetworkEvents',
    deviceId,
    timestamp: time,
    reportId: String(reportId),
    actionType: action,
    localIp: local.ip,
    localPort: String(local.port),
    remoteIp: remote.ip,
    remotePort: String(remote.port),
    remoteUrl: '',
  });
  const truth: RecordTruth =
    referrer === undefined
      ? { state: 'row', uid, session: sessionOf(time, action, outbound, local, remote) }
      : { state: 'rejected', uid };
  return { properties, truth };
}
