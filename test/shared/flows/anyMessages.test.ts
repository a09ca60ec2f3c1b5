import * as fc from 'fast-check';
import { accountedFor, Books, balances, type Tally } from '../../../shared/books';
import { readTransformSettings } from '../../../shared/config';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import type { Pipeline } from '../../../shared/pipeline';
import type { Row } from '../../../shared/sessions/row';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf, message, pipelineOf } from '../kit/batches';
import { MemoryDeadLetters, MemorySender, type SentRow } from '../kit/doubles';
import { repeatedMessages as messages } from '../kit/repeatedMessages';
import { writeJson } from '../kit/valueKit';
import { columnsOf, connection } from './kit';

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

function pipeline(sender: MemorySender, deadLetters = new MemoryDeadLetters()): Pipeline {
  return pipelineOf(sender, deadLetters, ['dcr-1'], 20, settings);
}

const sorted = (rows: readonly SentRow[]): string[] => rows.map((row) => writeJson({ ...row })).toSorted();

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

test('any batch that is held and redelivered, here and on another instance, comes to the same rows and books', async () => {
  await fc.assert(
    fc.asyncProperty(messages, fc.integer({ min: 1, max: 3 }), async (bodies, failures) => {
      const undisturbed = new MemorySender();
      const books = await pipeline(undisturbed).settle(batchOf(bodies));
      expect(balances(books)).toBe(true);
      const sender = new MemorySender((call) => {
        if (call <= failures) throw new DeliveryError('Forbidden', 403, 'no role');
      });
      const held = pipeline(sender);
      let settled: Tally | undefined;
      for (let attempt = 0; attempt <= failures && settled === undefined; attempt++) {
        settled = await held.settle(batchOf(bodies)).catch(() => undefined);
      }
      expect(settled).toEqual(books);
      expect(sorted(sender.stored)).toEqual(sorted(undisturbed.stored));
      // An instance that has stored other rows before.
      const elsewhere = new MemorySender();
      const other = pipeline(elsewhere);
      await other.settle({ ...batchOf([message(connection())]), partition: '5' });
      elsewhere.stored.length = 0;
      expect(await other.settle(batchOf(bodies))).toEqual(books);
      expect(sorted(elsewhere.stored)).toEqual(sorted(undisturbed.stored));
    }),
    { numRuns: 100 },
  );
});

test('whichever rows are rejected, the books balance, and their dead letters become the same rows', async () => {
  let again = 0;
  await fc.assert(
    fc.asyncProperty(messages, fc.array(fc.boolean(), { minLength: 1, maxLength: 6 }), async (bodies, isBad) => {
      const undisturbed = new MemorySender();
      await pipeline(undisturbed).settle(batchOf(bodies));
      const bad = new Set(undisturbed.stored.filter((_, i) => isBad[i % isBad.length]).map((row) => row['EventUid']));
      const isRejected = (row: SentRow): boolean => bad.has(row['EventUid'] ?? null);
      const [sender, deadLetters] = [
        new MemorySender((_, rows) => {
          if (rows.some(isRejected)) throw new DeliveryError('BadRequest', 400, 'no');
        }),
        new MemoryDeadLetters(),
      ];
      const proven = pipeline(sender, deadLetters);
      // A DCR that has accepted nothing yet may be at fault itself.
      await proven.settle({ ...batchOf([message(connection())]), partition: '5' });
      sender.stored.length = 0;
      const tally = await proven.settle(batchOf(bodies));
      expect(accountedFor(tally)).toBe(tally.received);
      expect(balances(tally)).toBe(true);
      const refused = deadLetters.letters.filter(({ reason }) => reason === 'Refused');
      expect(tally.deadLetteredByReason['Refused'] ?? 0).toBe(
        refused.reduce((sum, { records = 1 }) => sum + records, 0),
      );
      const replayed = new MemorySender();
      const bodiesAgain = refused.map(({ scope, body }) =>
        scope === 'message' ? Buffer.from(body) : Buffer.from(`{"records":[${Buffer.from(body).toString()}]}`),
      );
      await pipeline(replayed).settle(batchOf(bodiesAgain));
      expect(sorted([...sender.stored, ...replayed.stored])).toEqual(sorted(undisturbed.stored));
      again += refused.filter(({ records }) => records !== undefined).length;
    }),
    { numRuns: 150 },
  );
  expect(again).toBeGreaterThan(20);
});
