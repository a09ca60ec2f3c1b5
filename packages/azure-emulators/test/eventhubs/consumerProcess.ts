/** A consumer in a process of its own, for a test to kill. Its checkpoint store is the test's, reached by messages. */
import {
  type Checkpoint,
  EventHubConsumerClient,
  earliestEventPosition,
  type PartitionOwnership,
  type ReceivedEventData,
} from '@azure/event-hubs';
import { balancing, describeEvent } from './balancing';
import type { Question } from './checkpointStore';

const waiting = new Map<number, (result: never) => void>();
let lastId = 0;

function ask<Result>(question: Omit<Question, 'id'>): Promise<Result> {
  const id = ++lastId;
  process.send?.({ id, ...question });
  return new Promise<Result>((resolve) => waiting.set(id, resolve));
}

process.on('message', ({ id, result }: { id: number; result: never }) => waiting.get(id)?.(result));
process.on('disconnect', () => process.exit());

const store = {
  listOwnership: () => ask<PartitionOwnership[]>({ method: 'listOwnership' }),
  claimOwnership: (claims: PartitionOwnership[]) => ask<PartitionOwnership[]>({ method: 'claimOwnership', claims }),
  listCheckpoints: () => ask<Checkpoint[]>({ method: 'listCheckpoints' }),
  updateCheckpoint: (checkpoint: Checkpoint) => ask<void>({ method: 'updateCheckpoint', checkpoint }),
};

const [address = ''] = process.argv.slice(2);
const consumer = new EventHubConsumerClient('$Default', address, store, { ...balancing, identifier: 'child' });
consumer.subscribe(
  {
    processEvents: async (events: ReceivedEventData[], context) => {
      const last = events.at(-1);
      if (!last) return;
      await ask({ method: 'received', events: events.map((event) => describeEvent(context.partitionId, event)) });
      await context.updateCheckpoint(last);
    },
    processError: async () => {},
  },
  { maxBatchSize: 100, startPosition: earliestEventPosition },
);
