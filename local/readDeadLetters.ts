import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';

/** A dead letter as a person reads it. */
export interface ReadDeadLetter {
  readonly id: string;
  readonly reason: string;
  readonly step: string;
  readonly error: string;
  readonly table?: string;
  readonly scope: string;
  /** The original, as text where it is UTF-8. */
  readonly body?: string;
  readonly bodyBase64?: string;
}

/** All dead letters that are in the hub now, in the order in which they were written; parts are put together. */
export async function readDeadLetters(connectionString: string, hub: string): Promise<ReadDeadLetter[]> {
  const consumer = new EventHubConsumerClient('$Default', connectionString, hub);
  try {
    const events: ReceivedEventData[] = [];
    for (const partition of await consumer.getPartitionIds()) {
      const { isEmpty, lastEnqueuedSequenceNumber } = await consumer.getPartitionProperties(partition);
      if (!isEmpty) events.push(...(await readUntil(consumer, partition, lastEnqueuedSequenceNumber)));
    }
    return assemble(events);
  } finally {
    await consumer.close();
  }
}

async function readUntil(
  consumer: EventHubConsumerClient,
  partition: string,
  last: number,
): Promise<ReceivedEventData[]> {
  const found: ReceivedEventData[] = [];
  return new Promise((resolve, reject) => {
    const subscription = consumer.subscribe(
      partition,
      {
        async processEvents(events) {
          found.push(...events);
          if (!events.some(({ sequenceNumber }) => sequenceNumber >= last)) return;
          await subscription.close();
          resolve(found);
        },
        async processError(error) {
          await subscription.close();
          reject(error);
        },
      },
      { startPosition: earliestEventPosition, maxBatchSize: 100, maxWaitTimeInSeconds: 1, skipParsingBodyAsJson: true },
    );
  });
}

function assemble(events: readonly ReceivedEventData[]): ReadDeadLetter[] {
  const parts = new Map<string, Buffer[]>();
  return events.flatMap((event) => {
    const { id, encoding, parts: count = 1 } = event.properties ?? {};
    const collected = [...(parts.get(String(id)) ?? []), bodyOf(event)];
    parts.set(String(id), collected);
    if (collected.length < Number(count)) return [];
    const joined = Buffer.concat(collected);
    return [describe(event.properties ?? {}, encoding === 'gzip' ? gunzipSync(joined) : joined)];
  });
}

function bodyOf({ body }: ReceivedEventData): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.from(String(body));
}

function describe(properties: Readonly<Record<string, unknown>>, body: Buffer): ReadDeadLetter {
  const text = (key: string): string => {
    const value = properties[key];
    return typeof value === 'string' ? value : '';
  };
  return {
    id: text('id'),
    reason: text('reason'),
    step: text('step'),
    error: text('error'),
    ...(properties['table'] === undefined ? {} : { table: text('table') }),
    scope: text('scope'),
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }),
  };
}
