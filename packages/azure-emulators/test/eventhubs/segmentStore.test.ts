import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { Batch } from '../../src/eventhubs/partitionLog';
import { SegmentStore } from '../../src/eventhubs/segmentStore';

const directory = mkdtempSync(join(tmpdir(), 'segments-'));
let run = 0;
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const smallSegments = 200;

const batches = fc
  .array(
    fc.record({
      enqueuedTime: fc.nat(),
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
    return parts.map(({ producer, ...part }): Batch => {
      const batch = { firstSequenceNumber, firstOffset, ...part, ...(producer && { producer }) };
      firstSequenceNumber += part.events.length;
      firstOffset += part.events.reduce((sum, event) => sum + event.length, 0);
      return batch;
    });
  });

function write(all: readonly Batch[]): string {
  const path = join(directory, String(++run));
  const store = new SegmentStore(path, smallSegments);
  store.load(
    () => {},
    () => {},
  );
  for (const batch of all) store.append(batch);
  store.close();
  return path;
}

function load(path: string): { store: SegmentStore; loaded: Batch[]; lines: string[] } {
  const loaded: Batch[] = [];
  const lines: string[] = [];
  const store = new SegmentStore(path, smallSegments);
  store.load(
    (batch) => loaded.push(batch),
    (line) => lines.push(line),
  );
  return { store, loaded, lines };
}

describe('Segment files', () => {
  test('what is appended is loaded again, over any number of files', () => {
    fc.assert(
      fc.property(batches, (all) => {
        const { store, loaded, lines } = load(write(all));
        store.close();
        expect(loaded).toStrictEqual(all);
        expect(lines).toStrictEqual([]);
      }),
    );
  });

  test('cut anywhere in the last file, the batches before the cut are loaded, and new ones fit on', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (all, cut) => {
        const path = write(all);
        const last = join(path, readdirSync(path).toSorted().at(-1) ?? '');
        truncateSync(last, cut % (statSync(last).size + 1));
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

  test('files are deleted once all their events are forgotten, the last one never', () => {
    fc.assert(
      fc.property(batches, fc.nat(), (all, before) => {
        const path = write(all);
        const end = all.reduce((sum, { events }) => sum + events.length, 0);
        const kept = before % (end + 1);
        const { store } = load(path);
        store.forget(kept);
        store.close();
        const { store: again, loaded } = load(path);
        again.close();
        const needed = all.filter(({ firstSequenceNumber, events }) => firstSequenceNumber + events.length > kept);
        expect(loaded).toStrictEqual(all.slice(all.length - loaded.length));
        expect(loaded.length).toBeGreaterThanOrEqual(Math.max(needed.length, 1));
      }),
    );
  });
});
