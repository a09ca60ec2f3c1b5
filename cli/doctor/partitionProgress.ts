import type { PartitionProperties } from '@azure/event-hubs';
import { reasonFor } from './errorReason';
import type { Checkpoint } from './hostCheckpoints';
import type { HubProbe } from './hubProbe';

/** Two Azure services wrote the two times; a blob's has whole seconds only. */
const clockDifferenceMs = 60_000;

/** What a partition holds, and how far the app has read it. */
export interface PartitionProgress {
  readonly partition: string;
  readonly checkpoint: Checkpoint | undefined;
  /** Events that the app has not settled yet. */
  readonly waiting: number;
  /** Events that the hub dropped at the end of its retention, before the app had settled them. */
  readonly lost: number;
  /** The checkpoint is beyond the end: it belongs to an earlier hub of this name. */
  readonly isBeyondEnd: boolean;
  /** The checkpoint is older than the hub: it belongs to an earlier hub of this name, whatever its number. */
  readonly isOlderThanHub: boolean;
  /** When the oldest waiting event arrived; undefined when none waits; a text that says why it is not known. */
  readonly oldestWaiting: Date | string | undefined;
  /** When the oldest event that the hub still keeps arrived; undefined until the hub has dropped its first event. */
  readonly oldestKept: Date | undefined;
}

export async function progressOf(
  probe: Pick<HubProbe, 'enqueued'>,
  properties: PartitionProperties,
  checkpoint: Checkpoint | undefined,
  hubCreated: Date,
): Promise<PartitionProgress> {
  const { partitionId: partition, isEmpty, lastEnqueuedSequenceNumber: last } = properties;
  const first = isEmpty ? last + 1 : properties.beginningSequenceNumber;
  const next = (checkpoint?.sequenceNumber ?? first - 1) + 1;
  const oldest = Math.max(next, first);
  const writtenMs = checkpoint?.written.getTime() ?? Number.POSITIVE_INFINITY;
  const counts = {
    partition,
    checkpoint,
    waiting: Math.max(0, last + 1 - oldest),
    lost: Math.max(0, first - next),
    isBeyondEnd: next > last + 1,
    isOlderThanHub: writtenMs < hubCreated.getTime() - clockDifferenceMs,
  };
  if (counts.waiting === 0) return { ...counts, oldestWaiting: undefined, oldestKept: undefined };
  try {
    const oldestWaiting = await probe.enqueued(partition, oldest);
    if (first === 0) return { ...counts, oldestWaiting, oldestKept: undefined };
    const oldestKept = oldest === first ? oldestWaiting : await probe.enqueued(partition, first);
    return { ...counts, oldestWaiting, oldestKept };
  } catch (error) {
    const { code, text } = reasonFor(error);
    const reason = code === 'ReceiverDisconnectedError' ? 'another reader has the group $Default to itself' : text;
    return { ...counts, oldestWaiting: reason, oldestKept: undefined };
  }
}
