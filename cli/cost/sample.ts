import { generateStream } from 'defender-samples';
import type { Message } from '../../shared/batch';
import type { Environment } from '../../shared/config';
import { batched } from '../map/batchMessages';
import { MeasuredRows } from './measuredRows';
import type { Measured } from './scalePlan';

/** What the rows of some events weigh. */
export type MeasuredBytes = Omit<Measured, 'microsecondsPerRecord'>;

const records = 2000;

/** Believable events, the same ones each time, for those who have none of their own yet. */
export async function* sampleMessages(): AsyncGenerator<Message, void, undefined> {
  const stream = generateStream({
    records,
    seed: 1,
    end: new Date('2026-01-01T00:00:00Z'),
    devices: 2000,
    oddities: false,
  });
  let number = 0;
  for (const { body } of stream) {
    yield { sequenceNumber: String(number), body };
    number++;
  }
}

/** @throws RangeError if no event becomes a row */
export async function measuredBytes(
  messages: AsyncIterable<Message>,
  environment: Environment,
  table?: string,
): Promise<MeasuredBytes> {
  const measured = new MeasuredRows(environment);
  for await (const batch of batched(messages)) await measured.add(batch, table);
  const { rows, bytes, jsonBytes } = measured;
  const { received, messages: count, bytesIn } = measured.tally();
  if (rows === 0) throw new RangeError('No record became a row.');
  return {
    bytesPerRecord: bytesIn / received,
    bytesPerRow: jsonBytes / rows,
    billedBytesPerRow: bytes / rows,
    rowsPerRecord: rows / received,
    recordsPerMessage: received / count,
  };
}

export async function measuredSample(environment: Environment = {}): Promise<MeasuredBytes> {
  return measuredBytes(sampleMessages(), environment);
}
