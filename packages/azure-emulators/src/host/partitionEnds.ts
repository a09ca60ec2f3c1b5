import { EventHubConsumerClient } from '@azure/event-hubs';
import { HostError, messageOf } from './hostError';
import { retryOptions } from './retryOptions';
import type { FunctionRuntime } from './runtime';

/** The last sequence number of each partition of the function's hub that holds events, by partition id. */
export async function readPartitionEnds(runtime: FunctionRuntime): Promise<Map<string, number>> {
  const { connection, eventHubName, consumerGroup } = runtime.trigger;
  const client = new EventHubConsumerClient(consumerGroup, connection.connectionString, eventHubName, { retryOptions });
  try {
    const ids = await client.getPartitionIds();
    const partitions = await Promise.all(ids.map((id) => client.getPartitionProperties(id)));
    return new Map(
      partitions
        .filter(({ isEmpty }) => !isEmpty)
        .map(({ partitionId, lastEnqueuedSequenceNumber }) => [partitionId, lastEnqueuedSequenceNumber]),
    );
  } catch (error) {
    throw new HostError(
      `Function "${runtime.trigger.functionName}": the hub "${eventHubName}" at ${connection.namespace} cannot be read: ${messageOf(error)}`,
    );
  } finally {
    await client.close();
  }
}
