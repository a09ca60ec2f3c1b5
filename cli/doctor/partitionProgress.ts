import type { PartitionProperties } from '@azure/event-hubs';
import { reasonFor } from './errorReason';
import type { Checkpoint } from './hostCheckpoints';
import type { HubProbe } from './hubProbe';

/** Two services of Azure wrote the two times; a blob's is cut to whole seconds. */
const clockDifferenceMs = 60_000;

/** What a partition holds, and how far the app has come in it. */
export interface PartitionProgress {
  readonly partition: string;
  readonly checkpoint: Checkpoint | undefined;
  /** Events that the app has not settled yet. */
  readonly waiting: number;
  /** Events that the hub dropped, by its retention, before the app had settled them. */
  readonly lost: number;
  /** The checkpoint lies behind the end: it belongs to an earlier hub of this name. */
  readonly isBeyondEnd: boolean;
  /** The checkpoint is older than the hub: it belongs to an earlier hub of this name, whatever number it has. */
  readonly isOlderThanHub: boolean;
  /** When the hub took the oldest event that waits; undefined when none waits, or a text says why it is not known. */
  readonly oldestWaiting: Date | string | undefined;
  /** When the hub took the oldest event that it still keeps; undefined unless retention has begun to drop events. */
  readonly oldestKept: Date | undefined;
}

export async function progressOf(
  probe: Pick<HubProbe, 'enqueued'>,
  properties: PartitionProperties,
  checkpoint: Checkpoint | undefined,
  hubMade: Date,
): Promise<PartitionProgress> {
  const { partitionId: partition, isEmpty, lastEnqueuedSequenceNumber: last } = properties;
  const first = isEmpty ? last + 1 : properties.beginningSequenceNumber;
  const next = (checkpoint?.sequenceNumber ?? first - 1) + 1;
  const oldest = Math.max(next, first);
  const counts = {
    partition,
    checkpoint,
    waiting: Math.max(0, last + 1 - oldest),
    lost: Math.max(0, first - next),
    isBeyondEnd: next > last + 1,
    isOlderThanHub: checkpoint !== undefined && checkpoint.written.getTime() < hubMade.getTime() - clockDifferenceMs,
  };
  if (counts.waiting === 0) return { ...counts, oldestWaiting: undefined, oldestKept: undefined };
  try {
    const oldestWaiting = await probe.enqueued(partition, oldest);
    if (first === 0) return { ...counts, oldestWaiting, oldestKept: undefined };
    const oldestKept = oldest === first ? oldestWaiting : await probe.enqueued(partition, first);
    return { ...counts, oldestWaiting, oldestKept };
  } catch (error) {
    return { ...counts, oldestWaiting: whyNoTime(error), oldestKept: undefined };
  }
}

function whyNoTime(error: unknown): string {
  const { code, text } = reasonFor(error);
  return code === 'ReceiverDisconnectedError' ? 'another reader has the group $Default to itself' : text;
}
