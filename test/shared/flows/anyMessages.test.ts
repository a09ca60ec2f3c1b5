import * as fc from 'fast-check';
import { Books, type Tally } from '../../../shared/books';
import { readTransformSettings } from '../../../shared/config';
import type { Row } from '../../../shared/sessions/row';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf } from '../kit/batches';
import { repeatedMessages as messages } from '../kit/repeatedMessages';
import { columnsOf } from './kit';

const settings = readTransformSettings({ MERGE_FLOWS: 'message' });

interface Mapped {
  readonly rows: readonly Row[];
  readonly tally: Tally;
}

async function mapped(
  bodies: readonly Buffer[],
  merges = true,
  acceptedAt?: (uid: string) => string | undefined,
): Promise<Mapped> {
  const books = new Books();
  const used = merges ? settings : readTransformSettings({});
  const { rows } = await transformBatch(batchOf(bodies), used, books, acceptedAt === undefined ? {} : { acceptedAt });
  return { rows, tally: books.tally() };
}

function eventsIn(rows: readonly Row[]): number {
  return rows.reduce((sum, { text }) => sum + Number(columnsOf(text)['EventCount']), 0);
}

function leftOut({ duplicates, merged }: Tally): number {
  return duplicates + merged;
}

let shared = 0;

test('for any message, the rows stand for as many events as without merging, and each record is counted once', async () => {
  await fc.assert(
    fc.asyncProperty(messages, async ([body = Buffer.alloc(0)]) => {
      const [off, on] = [await mapped([body], false), await mapped([body])];
      expect(eventsIn(on.rows)).toBe(eventsIn(off.rows));
      const records = on.rows.reduce((sum, { members }) => sum + (members?.length ?? 1), 0);
      expect(records).toBe(off.rows.length);
      expect(on.tally.duplicates).toBe(off.tally.duplicates);
      shared += records - on.rows.length;
      // A row of one record is the row that it is without merging.
      const texts = new Set(off.rows.map(({ text }) => text));
      for (const { members, text } of on.rows) if (members === undefined) expect(texts).toContain(text);
    }),
    { numRuns: 300 },
  );
  // The messages must have something to merge.
  expect(shared).toBeGreaterThan(100);
});

test('whatever the window holds, it changes no row: it only leaves out whole rows', async () => {
  await fc.assert(
    fc.asyncProperty(messages, fc.array(fc.boolean(), { maxLength: 8 }), async (bodies, isKnown) => {
      const alone = await mapped(bodies);
      const singles = await mapped(bodies, false);
      const uids = [...alone.rows, ...singles.rows].map(({ uid }) => uid);
      const window = new Set(uids.filter((_, i) => isKnown[i % isKnown.length]));
      const { rows, tally } = await mapped(bodies, true, (uid) => (window.has(uid) ? 'elsewhere/0/1/0' : undefined));
      expect(rows).toEqual(alone.rows.filter(({ uid }) => !window.has(uid)));
      const settled = rows.reduce((sum, { members }) => sum + (members?.length ?? 1), 0);
      const before = alone.rows.reduce((sum, { members }) => sum + (members?.length ?? 1), 0);
      expect(leftOut(tally) - leftOut(alone.tally)).toBe(before - settled);
    }),
    { numRuns: 150 },
  );
});
