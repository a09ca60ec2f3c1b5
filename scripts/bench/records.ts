import { generateStream, type StreamMessage } from 'defender-samples';

/** The day of all events; `setDay` overwrites it. */
const day = '2026-11-20';
const end = new Date(`${day}T12:00:00Z`);
const options = { end, devices: 2000, oddities: false };
const messagesABatch = 16;
/** Defender's messages hold 100 to 400 records. The generator also makes smaller ones, which are left out. */
const leastRecords = 100;

/** The messages of one invocation. */
export interface Batch {
  readonly bodies: readonly Buffer[];
  readonly records: number;
}

/** Believable messages in batches. They are used again and again, each time as the events of another day. */
export class Records {
  readonly batches: readonly Batch[];
  readonly records: number;
  readonly bytes: number;
  /** In each body, where the day is written. */
  readonly #days: readonly (readonly [body: Buffer, positions: readonly number[]])[];

  private constructor(messages: readonly StreamMessage[]) {
    this.batches = Array.from({ length: Math.ceil(messages.length / messagesABatch) }, (_, i) =>
      batchOf(messages.slice(i * messagesABatch, (i + 1) * messagesABatch)),
    );
    this.records = sum(this.batches.map(({ records }) => records));
    this.bytes = sum(messages.map(({ body }) => body.length));
    this.#days = messages.map(({ body }) => [body, positionsOf(day, body)]);
  }

  /** At least `records` records, in messages of 100 to 400. */
  static ofAtLeast(records: number, seed: number): Records {
    const messages: StreamMessage[] = [];
    let made = 0;
    for (const message of generateStream({ ...options, seed, records: 2 * records + 10_000 })) {
      if (message.expected.received < leastRecords) continue;
      messages.push(message);
      made += message.expected.received;
      if (made >= records) break;
    }
    return new Records(messages);
  }

  /** Messages of nearly 1 MB, the largest that an event hub takes. */
  static full(count: number, seed: number): Records {
    const messages: StreamMessage[] = [];
    for (const message of generateStream({
      ...options,
      seed,
      records: count * 100_000,
      recordsPerMessage: [100_000, 100_000],
    })) {
      // The last message of the stream may be smaller.
      if (message.body.length > 900_000) messages.push(message);
      if (messages.length === count) break;
    }
    return new Records(messages);
  }

  /** Turns the messages into those of another day: new events for the product, at nearly no cost. */
  setDay(daysBefore: number): void {
    const text = new Date(end.getTime() - daysBefore * 86_400_000).toISOString().slice(0, day.length);
    for (const [body, positions] of this.#days) for (const at of positions) body.write(text, at, 'latin1');
  }

  /** All messages in one batch, which keeps its day. */
  copy(): Batch {
    return { bodies: this.#days.map(([body]) => Buffer.from(body)), records: this.records };
  }
}

function batchOf(messages: readonly StreamMessage[]): Batch {
  return { bodies: messages.map(({ body }) => body), records: sum(messages.map(({ expected }) => expected.received)) };
}

function positionsOf(text: string, body: Buffer): number[] {
  const positions: number[] = [];
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) positions.push(at);
  return positions;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
