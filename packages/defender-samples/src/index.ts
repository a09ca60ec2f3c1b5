import { MessageWriter, type StreamMessage } from './message';
import { oddRecord } from './oddities';
import { OddityPlan } from './oddityPlan';
import { checkedOptions, type StreamOptions } from './options';
import { Random } from './random';
import { RecordSource } from './recordSource';
import type { StreamRecord } from './records';

export { type EventKey, eventUidOf } from './eventUid';
export type { Expected, StreamMessage } from './message';
export type { StreamOptions } from './options';
export type { Outcome, RowOutcome } from './records';
export { outbound, type SessionColumns, sessionOf, sessionText } from './session';

/** One message in forty is a report of inventories instead of events. */
const inventoryInterval = 40;

/**
 * Invented Defender events of a company's devices, in the messages in which they would reach an event hub. The same
 * options make the same bytes on every platform and version of Node.
 * @throws RangeError for options that make no stream.
 */
export function* generateStream(options: StreamOptions): Generator<StreamMessage> {
  const { records, seed, end, devices, recordsPerMessage, oddities, oddityInterval } = checkedOptions(options);
  const random = new Random(seed);
  const source = new RecordSource(random, devices, end);
  const writer = new MessageWriter(random);
  const plan = new OddityPlan(random, oddities, oddityInterval);
  for (let made = 0; made < records; ) {
    const left = records - made;
    const isReport = made > 0 && random.oneIn(inventoryInterval);
    const ordinary = Math.min(left, sizeOf(random, isReport ? Math.ceil(recordsPerMessage / 4) : recordsPerMessage));
    // The last record of a stream is an ordinary event, so no message with it is lost.
    const oddity = ordinary < left ? plan.message() : undefined;
    const isFull = oddity === 'full';
    const isInventory = isReport && !isFull;
    const size = isFull ? left : ordinary;
    const isLost = oddity === 'truncated' || oddity === 'empty';
    writer.begin(oddity);
    let row: StreamRecord | undefined;
    for (let i = made; i < made + size && !writer.isFull; i++) {
      const isLast = i === records - 1;
      const place = isLast ? 1 : i / (records - 1);
      const record =
        (isLast || isLost ? undefined : oddOne(source, plan, place, row)) ??
        (isInventory && !isLast ? source.inventory(place) : source.record(place));
      if (record.outcome.state === 'row') row = record;
      writer.add(record);
      if (!isLost) plan.step();
    }
    const message = writer.end();
    made += message.expected.received;
    yield message;
  }
}

/** 1 to four times the mean; many small messages and a few large ones. */
function sizeOf(random: Random, mean: number): number {
  const share = random.below(1_000_000) / 1_000_000;
  return 1 + Math.floor((4 * mean - 3) * share * share * share);
}

function oddOne(
  source: RecordSource,
  plan: OddityPlan,
  place: number,
  row: StreamRecord | undefined,
): StreamRecord | undefined {
  const oddity = plan.record();
  if (oddity === undefined) return undefined;
  const record = oddRecord(source.scene(place), oddity, row);
  if (record !== undefined) plan.recordDone();
  return record;
}
