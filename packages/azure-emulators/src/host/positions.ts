import { EventHubConsumerClient, type EventPosition, earliestEventPosition } from '@azure/event-hubs';
import { HostError, messageOf } from './checks';
import { retryOptions } from './listener';
import type { FunctionRuntime } from './runtime';

/** The newest event of one partition when it was asked for. */
export interface PartitionEnd {
  readonly partitionId: string;
  /** Undefined if the partition has no events. */
  readonly lastSequenceNumber: number | undefined;
  readonly lastEnqueuedUtc: Date;
}

/** Asks the hub where each of its partitions ends. */
export async function readPartitionEnds(runtime: FunctionRuntime): Promise<readonly PartitionEnd[]> {
  const { connection, eventHubName, consumerGroup } = runtime.trigger;
  const client = new EventHubConsumerClient(consumerGroup, connection.connectionString, eventHubName, {
    retryOptions: retryOptions,
  });
  try {
    const partitionIds = await client.getPartitionIds();
    return await Promise.all(
      partitionIds.map(async (partitionId) => {
        const properties = await client.getPartitionProperties(partitionId);
        return {
          partitionId,
          lastSequenceNumber: properties.isEmpty ? undefined : properties.lastEnqueuedSequenceNumber,
          lastEnqueuedUtc: properties.lastEnqueuedOnUtc,
        };
      }),
    );
  } catch (error) {
    throw new HostError(
      `Function "${runtime.trigger.functionName}": the hub "${eventHubName}" at ${connection.namespace} cannot be read: ${messageOf(error)}`,
    );
  } finally {
    await client.close();
  }
}

/**
 * Where partitions without a checkpoint are read from. The end is the end at the start of the host, by sequence
 * number, so that what is enqueued while partitions change hands is not skipped.
 */
export function startPositions(
  runtime: FunctionRuntime,
  ends: readonly PartitionEnd[],
): EventPosition | Record<string, EventPosition> {
  const { start } = runtime.host.settings.eventHubs;
  if (start.type === 'start') return earliestEventPosition;
  if (start.type === 'time') return { enqueuedOn: start.enqueuedUtc };
  return Object.fromEntries(
    ends.map(({ partitionId, lastSequenceNumber }) => [partitionId, after(lastSequenceNumber)]),
  );
}

function after(sequenceNumber: number | undefined): EventPosition {
  return sequenceNumber === undefined ? earliestEventPosition : { sequenceNumber, isInclusive: false };
}

/** Whether the start position leaves out everything up to this end, so that no checkpoint will ever come for it. */
export function isLeftOut(runtime: FunctionRuntime, atStart: readonly PartitionEnd[], end: PartitionEnd): boolean {
  const { start } = runtime.host.settings.eventHubs;
  if (end.lastSequenceNumber === undefined) return true;
  if (start.type === 'time') return end.lastEnqueuedUtc < start.enqueuedUtc;
  if (start.type === 'start') return false;
  const before = atStart.find(({ partitionId }) => partitionId === end.partitionId)?.lastSequenceNumber;
  return before !== undefined && end.lastSequenceNumber <= before;
}
