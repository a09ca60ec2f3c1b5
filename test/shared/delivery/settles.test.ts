import * as fc from 'fast-check';
import type { Batch } from '../../../shared/batch';
import { balances } from '../../../shared/books';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import { message, pipelineOf, recordOf } from '../kit/batches';
import { MemoryDeadLetters, MemorySender } from '../kit/doubles';

jest.setTimeout(120_000);

interface Story {
  /** Of each partition, whether each of its rows is bad; at least half of them are good. */
  readonly partitions: readonly (readonly boolean[])[];
  readonly code: 'InvalidPayload' | 'Unlisted';
  /** After this many calls all batches in flight are held; then the process is restarted, or continues. */
  readonly interruptions: readonly { readonly calls: number; readonly isRestart: boolean }[];
}

const rowsOfPartition = fc
  .record({ good: fc.integer({ min: 1, max: 150 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .chain(({ good, share }) => {
    const bad = Math.floor(good * share);
    return fc
      .oneof(
        // In any order, or side by side: behind the others, before them, between them.
        fc.shuffledSubarray([...Array(good + bad).keys()], { minLength: bad, maxLength: bad }),
        fc.nat({ max: good }).map((first) => Array.from({ length: bad }, (_, i) => first + i)),
      )
      .map((places) => Array.from({ length: good + bad }, (_, i) => places.includes(i)));
  });

const stories: fc.Arbitrary<Story> = fc.record({
  partitions: fc.array(rowsOfPartition, { minLength: 1, maxLength: 3 }),
  code: fc.constantFrom<Story['code'][]>('InvalidPayload', 'Unlisted'),
  interruptions: fc.array(fc.record({ calls: fc.integer({ min: 1, max: 60 }), isRestart: fc.boolean() }), {
    maxLength: 4,
  }),
});

/** Ten records a message; the id of a record tells its partition and its position. */
function batchesOf({ partitions }: Story): Batch[] {
  return partitions.map((rows, partition) => ({
    hub: 'hub',
    partition: String(partition),
    messages: Array.from({ length: Math.ceil(rows.length / 10) }, (_, i) => ({
      sequenceNumber: String(i),
      body: message(
        ...Array.from({ length: Math.min(10, rows.length - i * 10) }, (__, j) =>
          recordOf(partition * 1000 + i * 10 + j),
        ),
      ),
    })),
  }));
}

test('a batch with at least half good rows is settled in its first uninterrupted attempt, or the second: nothing is lost, counted twice, or stored twice by one process', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const isBad = (id: number): boolean => story.partitions[Math.floor(id / 1000)]?.[id % 1000] === true;
      const [batches, deadLetters] = [batchesOf(story), new MemoryDeadLetters()];
      const interruptions = [...story.interruptions];
      let left = interruptions[0]?.calls ?? Number.POSITIVE_INFINITY;
      const newSender = (): MemorySender =>
        new MemorySender((_, rows) => {
          if (--left < 0) throw new DeliveryError('OperationFailed', 403, 'interrupted');
          if (rows.some((row) => isBad(Number(row['EventOriginalUid'])))) {
            throw new DeliveryError(story.code, 400, 'refused');
          }
        });
      const processes = [newSender()];
      let pipeline = pipelineOf(processes[0] ?? newSender(), deadLetters);
      const settled = new Map<Batch, readonly number[]>();
      let attempts = 0;
      while (settled.size < batches.length && attempts < story.interruptions.length + 2) {
        attempts++;
        await Promise.all(
          batches.map(async (batch) => {
            if (settled.has(batch)) return;
            const tally = await pipeline.settle(batch).catch(() => undefined);
            if (tally === undefined) return;
            expect(balances(tally)).toBe(true);
            settled.set(batch, [tally.received, tally.sent, tally.deadLettered]);
          }),
        );
        const interruption = interruptions.shift();
        left = interruptions[0]?.calls ?? Number.POSITIVE_INFINITY;
        if (interruption?.isRestart === true) {
          const sender = newSender();
          processes.push(sender);
          pipeline = pipelineOf(sender, deadLetters);
        }
      }
      const expected = story.partitions.map((rows) => {
        const bad = rows.filter(Boolean).length;
        return [rows.length, rows.length - bad, bad];
      });
      expect(batches.map((batch) => settled.get(batch))).toEqual(expected);
      const all = story.partitions.flatMap((rows, partition) => rows.map((_, i) => partition * 1000 + i));
      const stored = processes.map((sender) => sender.stored.map((row) => Number(row['EventOriginalUid'])));
      for (const one of stored) expect(new Set(one).size).toBe(one.length);
      expect([...new Set(stored.flat())].toSorted((a, b) => a - b)).toEqual(all.filter((id) => !isBad(id)));
      const letters = deadLetters.letters.map(({ id }) =>
        id.replace(/^hub\/(\d+)\/(\d+)\/(\d+)$/, (_, p, m, r) => String(Number(p) * 1000 + Number(m) * 10 + Number(r))),
      );
      expect([...new Set(letters.map(Number))].toSorted((a, b) => a - b)).toEqual(all.filter(isBad));
    }),
    { numRuns: 200 },
  );
});

const idsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);
const isBad = (id: number): boolean => id >= 10_000;

function batchOfIds(partition: string, ids: readonly number[]): Batch {
  const body = message(...ids.map((id) => recordOf(id)));
  return { hub: 'hub', partition, messages: [{ sequenceNumber: String(ids[0]), body }] };
}

function senderOf(refuses: (id: number) => boolean): MemorySender {
  return new MemorySender((_, rows) => {
    if (rows.some((row) => refuses(Number(row['EventOriginalUid'])))) {
      throw new DeliveryError('InvalidPayload', 400, 'Not accepted.');
    }
  });
}

describe('a batch of more bad rows than the credit covers', () => {
  test.each([
    [30, 0],
    [22, 1],
    [42, 20],
    [1200, 1000],
  ])(
    '%i bad rows beside %i good ones: held, and settled once the DCR has accepted as many of other batches',
    async (worse, good) => {
      const [sender, deadLetters] = [senderOf(isBad), new MemoryDeadLetters()];
      const pipeline = pipelineOf(sender, deadLetters);
      const batch = batchOfIds('1', [...idsFrom(10_000, worse), ...idsFrom(1, good)]);
      await expect(pipeline.settle(batch)).rejects.toThrow('Too many rows were rejected');
      await pipeline.settle(batchOfIds('2', idsFrom(5000, 1500)));
      expect(await pipeline.settle(batch)).toMatchObject({ sent: good, deadLettered: worse });
      expect(deadLetters.letters).toHaveLength(worse);
      expect(sender.stored).toHaveLength(1500 + good);
    },
  );

  test('on a DCR that rejects most rows of other batches, too, it stays held: the DCR is at fault', async () => {
    // Three rows of four.
    const [sender, deadLetters] = [senderOf((id) => id % 4 !== 0), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    const batch = batchOfIds('1', idsFrom(0, 400));
    for (let round = 0; round < 3; round++) {
      await expect(pipeline.settle(batch)).rejects.toThrow('Too many rows were rejected');
      await expect(pipeline.settle(batchOfIds('2', idsFrom(4000 + 400 * round, 400)))).rejects.toThrow('Too many rows');
    }
    expect(deadLetters.letters).toEqual([]);
  });
});
