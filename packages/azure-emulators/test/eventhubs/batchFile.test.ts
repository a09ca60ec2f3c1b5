import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { BatchFile } from '../../src/eventhubs/batchFile';
import type { Batch } from '../../src/eventhubs/partitionLog';

const directory = mkdtempSync(join(tmpdir(), 'batches-'));
let run = 0;
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const batches = fc
  .array(
    fc.record({
      enqueuedTime: fc.nat(1000),
      events: fc.array(
        fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
        { minLength: 1, maxLength: 4 },
      ),
      producer: fc.option(
        fc.record({ id: fc.nat(), epoch: fc.nat(1000), lastSequence: fc.nat() }, { noNullPrototype: true }),
        { nil: undefined },
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    let firstSequenceNumber = 0;
    let firstOffset = 0;
    let enqueuedTime = 0;
    return parts.map(({ producer, ...part }): Batch => {
      enqueuedTime += part.enqueuedTime;
      const batch = { firstSequenceNumber, firstOffset, ...part, enqueuedTime, ...(producer && { producer }) };
      firstSequenceNumber += part.events.length;
      firstOffset += part.events.reduce((sum, event) => sum + event.length, 0);
      return batch;
    });
  });

function write(all: readonly Batch[]): string {
  const path = join(directory, `${++run}.ndjson`);
  const { store } = load(path);
  for (const batch of all) store.append(batch);
  store.close();
  return path;
}

function load(path: string, oldest = 0): { store: BatchFile; loaded: Batch[]; lines: string[] } {
  const loaded: Batch[] = [];
  const lines: string[] = [];
  const store = new BatchFile(path);
  store.open(
    oldest,
    (batch) => loaded.push(batch),
    (line) => lines.push(line),
  );
  return { store, loaded, lines };
}

describe('A file of batches', () => {
  test('what is appended is loaded again', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const { store, loaded, lines } = load(write(all));
        store.close();
        expect(loaded).toStrictEqual(all);
        expect(lines).toStrictEqual([]);
      }),
    );
  });

  test('after a cut anywhere the batches before it are loaded, and new ones can be appended', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (all, cut) => {
        const path = write(all);
        truncateSync(path, cut % (statSync(path).size + 1));
        const first = load(path);
        expect(first.loaded).toStrictEqual(all.slice(0, first.loaded.length));
        const next = all[first.loaded.length];
        if (next) first.store.append(next);
        first.store.close();
        const second = load(path);
        second.store.close();
        expect(second.loaded).toStrictEqual(all.slice(0, first.loaded.length + (next ? 1 : 0)));
        expect(second.lines).toStrictEqual([]);
      }),
    );
  });

  test('expired batches are removed from the file, but never the last batch', () => {
    fc.assert(
      fc.property(batches, fc.nat(5000), (all, oldest) => {
        const path = write(all);
        const kept = all.filter(({ enqueuedTime }, index) => enqueuedTime >= oldest || index === all.length - 1);
        const first = load(path, oldest);
        first.store.close();
        expect(first.loaded).toStrictEqual(kept);
        // Whatever has expired is not in the file any more, and new batches fit on.
        const again = load(path);
        again.store.close();
        expect(again.loaded).toStrictEqual(kept);
      }),
    );
  });
});
