import { mergedUidOf, type RowOutcome } from 'defender-samples';
import type { ProducedMessage, RecordTruth } from './faultRecords';

type RowTruth = Extract<RecordTruth, { readonly state: 'row' | 'rejected' }>;

/** A record that becomes a row, with the other records that share it. */
interface Sharing {
  readonly truth: RowTruth;
  readonly index: number;
  readonly eventCount: number;
}

/**
 * What becomes of a message's records where the app merges identical connections (MERGE_FLOWS): the judge's own reading of
 * docs/flows.md, from the text of the records.
 */
export function mergedTruths({ body, truths, ranges }: ProducedMessage): readonly RecordTruth[] {
  const groups = new Map<string, Sharing[]>();
  for (const [index, truth] of truths.entries()) {
    const [start = 0, end = 0] = ranges[index] ?? [];
    const found =
      truth.state === 'row' || truth.state === 'rejected' ? identityOf(body.subarray(start, end), truth) : undefined;
    if (found === undefined || (truth.state !== 'row' && truth.state !== 'rejected')) continue;
    const group = groups.get(found.identity) ?? [];
    groups.set(found.identity, [...group, { truth, index, eventCount: found.eventCount }]);
  }
  const merged = [...truths];
  const uids = new Map<string, string>();
  for (const group of groups.values()) {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) continue;
    const uid = mergedUidOf(group.map(({ truth }) => truth.uid));
    for (const { truth } of group) uids.set(truth.uid, uid);
    merged[first.index] = sharedTruth(first.truth, group, uid);
    for (const { index } of others) merged[index] = { state: 'merged', uid };
  }
  return merged.map((truth) => (truth.state === 'duplicate' ? duplicateOf(uids.get(truth.uid) ?? truth.uid) : truth));
}

function duplicateOf(uid: string): RecordTruth {
  return { state: 'duplicate', uid };
}

function sharedTruth(first: RowTruth, group: readonly Sharing[], uid: string): RowTruth {
  if (first.state === 'rejected') return { ...first, uid, records: group.length };
  const sessions = group.flatMap(({ truth }) => (truth.state === 'row' ? [truth.session] : []));
  const eventCount = group.reduce((sum, one) => sum + one.eventCount, 0);
  return { ...first, uid, session: sharedSession(sessions), eventCount };
}

/** The latest time, and the port of the source only if it is the same in all. */
function sharedSession(sessions: readonly string[]): string {
  const parts = sessions.map((session) => /^(\S+)( .*) (\S+)( > .*)$/.exec(session) ?? []);
  const [, , what = '', , destination = ''] = parts[0] ?? [];
  const time = parts
    .map(([, one = '']) => one)
    .toSorted()
    .at(-1);
  const ports = new Set(parts.map(([, , , port = '-']) => port));
  return `${time}${what} ${ports.size === 1 ? [...ports][0] : '-'}${destination}`;
}

type Columns = Readonly<Record<string, unknown>>;

/** What identical connections have in common; undefined for a record that shares no row. */
function identityOf(bytes: Uint8Array, { client }: Pick<RowOutcome, 'client'>) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the generator has written it.
  const record = JSON.parse(Buffer.from(bytes).toString()) as Columns & { readonly properties: Columns };
  const { time: _, _TimeReceivedBySvc: received, properties, ...envelope } = record;
  const { Timestamp, EventTime, ReportId: __, ...columns } = properties;
  const action = String(columns['ActionType']);
  if (action === 'IcmpConnectionInspected') return undefined;
  const own = client === undefined ? undefined : client === 'local' ? 'LocalPort' : 'RemotePort';
  const isEphemeral = own !== undefined && Number(columns[own]) >= 32_768;
  const common = isEphemeral ? { ...columns, [own]: 'any' } : columns;
  if (!action.endsWith('AggregatedReport')) return { identity: JSON.stringify([envelope, common]), eventCount: 1 };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the generator has written it.
  const { uniqueEventsAggregated, ...details } = JSON.parse(String(columns['AdditionalFields'])) as Columns;
  // A report is about the hour before or after its time.
  const isLate = Date.parse(String(received)) - Date.parse(String(Timestamp ?? EventTime)) >= 3_600_000;
  return {
    identity: JSON.stringify([envelope, { ...common, AdditionalFields: details }, isLate]),
    eventCount: Number(uniqueEventsAggregated),
  };
}
