import { RetryMode } from '@azure/event-hubs';
import { openProducer } from '../../azure/hubClients';
import type { HubConfig } from '../../azure/partialConfig';
import { clientIdOf, type Deployment } from '../deployment';
import { within } from '../timeLimit';

/** An event in the hub, and where. */
export interface SentRecord {
  readonly hub: string;
  readonly partition: string;
  /** The event has this sequence number, or a lower one: others may have sent since. */
  readonly upTo: number;
  /** When sending began. */
  readonly began: Date;
  /** Until the hub had stored it. */
  readonly seconds: number;
}

/** Puts one event into the first partition of a hub. @throws why the hub rejects it or does not answer */
export async function sendRecord(
  body: string,
  hub: string,
  { eventHub }: HubConfig,
  deployment: Deployment,
): Promise<SentRecord> {
  const { seconds: limit, signIns, environment } = deployment;
  const retryOptions = { maxRetries: 1, retryDelayInMs: 500, mode: RetryMode.Fixed, timeoutInMs: limit * 1000 };
  const credential = signIns.credential(clientIdOf(eventHub));
  const producer = openProducer(eventHub, hub, environment, { retryOptions, credential });
  try {
    const [partition = '0'] = await within(limit, async (abortSignal) => producer.getPartitionIds({ abortSignal }));
    // The sign-in and the first connection are no part of the delay.
    const batch = await within(limit, async (abortSignal) =>
      producer.createBatch({ partitionId: partition, abortSignal }),
    );
    batch.tryAdd({ body: Buffer.from(body) });
    const began = new Date();
    await within(limit, async (abortSignal) => producer.sendBatch(batch, { abortSignal }));
    const seconds = secondsSince(began);
    const { lastEnqueuedSequenceNumber } = await within(limit, async (abortSignal) =>
      producer.getPartitionProperties(partition, { abortSignal }),
    );
    return { hub, partition, upTo: lastEnqueuedSequenceNumber, began, seconds };
  } finally {
    await producer.close().catch(() => undefined);
  }
}

export function secondsSince(time: Date): number {
  return Math.max(0, Date.now() - time.getTime()) / 1000;
}
