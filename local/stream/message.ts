import { bytesOf } from './json';
import type { MessageOddity } from './oddities';
import type { Random } from './random';
import { dead, type Outcome, type StreamRecord } from './records';

export interface StreamMessage {
  /** As Defender publishes it; at most 1,000,000 bytes. */
  readonly body: Buffer;
  /** The device of the first record. */
  readonly partitionKey: string;
  readonly expected: Expected;
}

/** What the books must say about a message: known from how it was made, never by running the product. */
export interface Expected {
  /** Records; one for a message that cannot be read. The sum of all the others. */
  readonly received: number;
  readonly rows: number;
  /** By table, or `DeviceEvents/ActionType`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** By reason. */
  readonly dead: Readonly<Record<string, number>>;
  /** Records that came earlier in the same message. */
  readonly duplicates: number;
}

/** In UTF-8, one character a byte. */
const byteOrderMark = '\u00ef\u00bb\u00bf';

/** Puts records into a message as Defender publishes it, or into one that is odd as a whole. */
export function messageOf(
  records: readonly StreamRecord[],
  oddity: MessageOddity | undefined,
  random: Random,
): StreamMessage {
  const { body, outcomes } = written(records, oddity, random);
  return { body, partitionKey: records[0]?.deviceId ?? '', expected: expectedOf(outcomes) };
}

function written(
  records: readonly StreamRecord[],
  oddity: MessageOddity | undefined,
  random: Random,
): { body: Buffer; outcomes: readonly Outcome[] } {
  const outcomes = records.map(({ outcome }) => outcome);
  const texts = records.map(({ text }) => text);
  if (oddity === 'empty') return { body: Buffer.alloc(0), outcomes: [dead('EmptyMessage')] };
  if (oddity === 'lines') {
    return { body: bytesOf(texts.map((text) => text + random.pick(['\n', '\r\n'])).join('')), outcomes };
  }
  const whole = `{"records":[${texts.join(',')}]}`;
  if (oddity === 'byteOrderMark') return { body: bytesOf(byteOrderMark + whole), outcomes };
  if (oddity === 'truncated') {
    const body = bytesOf(whole);
    return { body: body.subarray(0, 1 + random.below(body.length - 1)), outcomes: [dead('InvalidJson')] };
  }
  return { body: bytesOf(whole), outcomes };
}

function expectedOf(outcomes: readonly Outcome[]): Expected {
  const skipped: Record<string, number> = {};
  const deadByReason: Record<string, number> = {};
  let rows = 0;
  let duplicates = 0;
  for (const outcome of outcomes) {
    switch (outcome.state) {
      case 'row':
        rows++;
        break;
      case 'duplicate':
        duplicates++;
        break;
      case 'skipped':
        skipped[outcome.key] = (skipped[outcome.key] ?? 0) + 1;
        break;
      case 'dead':
        deadByReason[outcome.reason] = (deadByReason[outcome.reason] ?? 0) + 1;
        break;
    }
  }
  return { received: outcomes.length, rows, skipped, dead: deadByReason, duplicates };
}
