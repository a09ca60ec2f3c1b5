import { eventUidOf, generateStream, outbound, type Range, sessionOf } from 'defender-samples';
import type { ProducedMessage, RecordTruth } from './faultRecords';

/** The DCR of a fault run declares this column with a wrong type, so the service rejects rows that fill it. */
export const rejectedColumn = 'HttpReferrerOriginal';

/** One message in this many has a row that the service rejects. */
const rejectedEvery = 20;

/** The messages of a run. Few records come in small messages, so that there are enough batches for every kind of fault. */
export function* messagesOf(records: number, seed: number, merges = false): Generator<ProducedMessage> {
  const mean = Math.min(100, Math.max(20, Math.round(records / 125)));
  const recordsPerMessage = [1, 2 * mean - 1] as const;
  const oddityInterval = Math.min(500, Math.max(20, Math.round(records / 100)));
  let messages = 0;
  for (const message of generateStream({ records, seed, end: new Date(), recordsPerMessage, oddityInterval })) {
    if (messages++ % rejectedEvery === 0) {
      yield inspections(messages, message.partitionKey, ['http://example.com/', undefined]);
      if (merges) yield repeatedInspections(messages, message.partitionKey);
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
  const ranges: readonly Range[] = [['{"records":['.length, body.length - ']}'.length]];
  return { body, partitionKey: 'heartbeat', truths: [{ state: 'dead', reason: 'NotARecord' }], ranges };
}

/** Three identical connections with a row that is stored, and in between two with a row that the service rejects. */
function repeatedInspections(number: number, partitionKey: string): ProducedMessage {
  const [good, bad] = [{ device: 0 }, { device: 1, referrer: 'http://example.com/' }];
  return messageOf(
    partitionKey,
    [good, bad, good, bad, good].map((one, i) => inspection(2_000_000 + number, { ...one, repetition: i })),
  );
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
  return messageOf(
    partitionKey,
    referrers.map((referrer, device) => inspection(number, { device, referrer })),
  );
}

interface Inspection {
  readonly properties: object;
  readonly truth: RecordTruth;
}

function messageOf(partitionKey: string, made: readonly Inspection[]): ProducedMessage {
  let text = '{"records":[';
  const ranges = made.map(({ properties }, i): Range => {
    const start = text.length + (i === 0 ? 0 : 1);
    text += `${i === 0 ? '' : ','}${JSON.stringify({ category: 'AdvancedHunting-DeviceNetworkEvents', properties })}`;
    return [start, text.length];
  });
  return { body: Buffer.from(`${text}]}`), partitionKey, truths: made.map(({ truth }) => truth), ranges };
}

/** Repetitions are the same connection again, one ReportId, millisecond and port later. */
function inspection(
  number: number,
  given: { readonly device: number; readonly referrer?: string | undefined; readonly repetition?: number },
): Inspection {
  const { device, referrer, repetition = 0 } = given;
  const timestamp = new Date(Date.now() + repetition).toISOString();
  const reportId = number * 10 + repetition;
  const action = 'HttpConnectionInspected';
  const deviceId = `${device}`.repeat(40);
  const local = { ip: '10.0.0.1', port: 50_000 + repetition };
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
      ? { state: 'row', uid, session: sessionOf(time, action, outbound, local, remote), client: 'local' }
      : { state: 'rejected', uid, client: 'local' };
  return { properties, truth };
}
