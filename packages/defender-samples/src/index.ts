import { families } from './families';
import { Maker } from './maker';
import { MessageWriter, type StreamMessage } from './message';
import { Oddities } from './oddities';
import { type Planted, plant } from './plant';
import { Random } from './random';
import { type StreamRecord, write } from './sampleEvent';
import { checkedOptions, type StreamOptions } from './streamOptions';

export type { FamilyName } from './families';
export type { Expected, Range, StreamMessage } from './message';
export type { Planted } from './plant';
export { type EventKey, eventUidOf, mergedUidOf } from './sampleEventUid';
export { type ScenarioName, scenarios } from './scenarios';
export type { StreamOptions } from './streamOptions';
export { type Outcome, outbound, type RowOutcome, type SessionColumns, sessionOf, sessionText } from './truth';

/** How many of 10,000 records are of each family, unless `shares` says otherwise. */
export const proportions = new Map(Object.entries(families).map(([name, { share }]) => [name, share]));

/**
 * Invented Defender events of a company's devices, in the messages in which they would reach an event hub. The same
 * options make the same bytes on every platform and version of Node.
 * @throws RangeError for options that make no stream.
 */
export function* generateStream(options: StreamOptions): Generator<StreamMessage> {
  const checked = checkedOptions(options);
  const { records, seed, recordsPerMessage, oddities, oddityInterval } = checked;
  const random = new Random(seed);
  const maker = new Maker(random, checked);
  const writer = new MessageWriter(random);
  const odd = new Oddities(maker, oddities, oddityInterval);
  const attacks = plant(checked).records;
  let attacked = 0;
  /** Odd records that replace the next ordinary ones. */
  const waiting: StreamRecord[] = [];

  function next(i: number, row: StreamRecord | undefined): StreamRecord {
    // The newest event must have exactly the time of the end, so no odd record may replace it.
    if (i === records - 1) return write(maker.some(1));
    const place = i / (records - 1);
    const attack = attacks[attacked];
    const isDue = attack !== undefined && attack.at <= maker.timeOf(place);
    if (attack !== undefined && (isDue || attacks.length - attacked >= records - 1 - i)) {
      attacked++;
      return attack.record;
    }
    if (waiting.length === 0) waiting.push(...odd.records(place, row));
    return waiting.shift() ?? write(maker.some(place));
  }

  for (let made = 0; made < records; ) {
    const left = records - made;
    const wanted = Math.min(left, random.between(...recordsPerMessage));
    // The last record of a stream is an ordinary event, so no message with it is lost.
    const oddity = wanted < left ? odd.message() : undefined;
    const size = oddity === 'full' ? left : wanted;
    const isLost = oddity === 'truncated' || oddity === 'empty';
    writer.begin(oddity);
    let row: StreamRecord | undefined;
    for (let i = made; i < made + size && !writer.isFull; i++) {
      const record = isLost ? write(maker.some(i / (records - 1))) : next(i, row);
      if (record.outcome.state === 'row') row = record;
      writer.add(record);
      if (!isLost) odd.step();
    }
    const message = writer.end();
    made += message.expected.received;
    yield message;
  }
}

/** What hunting queries must find in the stream that these options make. */
export function plantedIn(options: StreamOptions): readonly Planted[] {
  return plant(checkedOptions(options)).planted;
}
