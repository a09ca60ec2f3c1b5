import { balances, type Tally } from '../../../shared/books';
import { readTransformSettings } from '../../../shared/config';
import { DeliveryError } from '../../../shared/errors/batchErrors';
import type { Pipeline } from '../../../shared/pipeline';
import { batchOf, message, pipelineOf } from '../kit/batches';
import { MemoryDeadLetters, MemorySender, type SentRow } from '../kit/doubles';
import { connection } from './kit';

const settings = readTransformSettings({ MERGE_FLOWS: 'message' });
const merging = (sender: MemorySender, deadLetters = new MemoryDeadLetters()): Pipeline =>
  pipelineOf(sender, deadLetters, ['dcr-1'], 20, settings);

/** Rejects every call with a row about this port. */
const rejecting = (port: number) => (_: number, rows: readonly SentRow[]) => {
  if (rows.some((row) => row['DstPortNumber'] === port)) throw new DeliveryError('BadRequest', 400, 'no');
};

/** Three connections to port 443 around one to port 80, which an accepted row keeps from being taken for a wrong DCR. */
const flow = [1, 2, 3].map((ReportId) => connection({ ReportId, LocalPort: 50_000 + ReportId }));
const [first = {}, second = {}, third = {}] = flow;
const other = connection({ ReportId: 9, RemotePort: 80 });
const batch = batchOf([message(first, other, second, third)]);

function counts({ received, sent, merged, duplicates, deadLettered }: Tally) {
  return { received, sent, merged, duplicates, deadLettered };
}

/** The recipe of the contract for these three, computed with another program. */
const mergedUid = '3b569476-1cd5-5be7-9a40-0ca3656c475d';

describe('a row of several records', () => {
  test('counts as sent for one of them and as merged for the others', async () => {
    const sender = new MemorySender();
    const tally = await merging(sender).settle(batch);
    expect(counts(tally)).toEqual({ received: 4, sent: 2, merged: 2, duplicates: 0, deadLettered: 0 });
    expect(sender.stored.map((row) => [row['EventUid'], row['EventCount']])).toEqual([
      [mergedUid, 3],
      [expect.any(String), 1],
    ]);
  });

  test('is neither sent nor counted again when its batch is redelivered', async () => {
    const sender = new MemorySender();
    const pipeline = merging(sender);
    const [before, after] = [await pipeline.settle(batch), await pipeline.settle(batch)];
    expect(counts(after)).toEqual(counts(before));
    expect(sender.stored).toHaveLength(2);
  });

  test('is counted once when its batch is held first', async () => {
    const sender = new MemorySender((call) => {
      if (call === 1) throw new DeliveryError('Forbidden', 403, 'no role');
    });
    const pipeline = merging(sender);
    await expect(pipeline.settle(batch)).rejects.toMatchObject({ code: 'Forbidden' });
    expect(counts(await pipeline.settle(batch))).toEqual({
      received: 4,
      sent: 2,
      merged: 2,
      duplicates: 0,
      deadLettered: 0,
    });
  });

  test('has the same EventUid from another instance, even one that has stored its records one by one', async () => {
    const sender = new MemorySender();
    const pipeline = merging(sender);
    for (const [i, record] of flow.entries()) await pipeline.settle(batchOf([message(record)], String(i + 1)));
    const tally = await pipeline.settle(batch);
    // Each record is counted twice: alone, and with the others.
    expect(counts(tally)).toEqual({ received: 4, sent: 2, merged: 2, duplicates: 0, deadLettered: 0 });
    expect(sender.stored.map((row) => row['EventUid'])).toContain(mergedUid);
  });

  test('that came before as a whole counts as a duplicate for one record and as merged for the others', async () => {
    const sender = new MemorySender();
    const pipeline = merging(sender);
    await pipeline.settle(batch);
    const tally = await pipeline.settle({ ...batch, partition: '1' });
    expect(counts(tally)).toEqual({ received: 4, sent: 0, merged: 2, duplicates: 2, deadLettered: 0 });
    expect(sender.stored).toHaveLength(2);
  });

  test('that is twice in a batch is sent once', async () => {
    const sender = new MemorySender();
    const tally = await merging(sender).settle(batchOf([message(...flow), message(...flow)]));
    expect(counts(tally)).toEqual({ received: 6, sent: 1, merged: 4, duplicates: 1, deadLettered: 0 });
    expect(sender.stored).toHaveLength(1);
  });

  test('is not merged with a record that an earlier part of the message has dead-lettered or skipped', async () => {
    const sender = new MemorySender();
    const deadLetters = new MemoryDeadLetters();
    const undated = connection({ ReportId: 4, Timestamp: 'never' });
    const skipped = { ...first, category: 'AdvancedHunting-DeviceInfo' };
    const tally = await merging(sender, deadLetters).settle(batchOf([message(undated, skipped, ...flow)]));
    expect(tally).toMatchObject({ received: 5, sent: 1, merged: 2, deadLettered: 1, skipped: 1 });
  });
});

/** The text of a record with these digits as its ReportId, and a number past 2^53. */
function exactRecord(reportId: string): string {
  return JSON.stringify(connection({ ReportId: 'ID', InitiatingProcessUniqueId: 'BIG' }))
    .replace('"ID"', reportId)
    .replace('"BIG"', '9007199254740993');
}

describe('a row of several records that the service rejects', () => {
  test('is one dead letter with all of them: all count as dead-lettered, none as merged', async () => {
    const [sender, deadLetters] = [new MemorySender(rejecting(443)), new MemoryDeadLetters()];
    const tally = await merging(sender, deadLetters).settle(batch);
    expect(counts(tally)).toEqual({ received: 4, sent: 1, merged: 0, duplicates: 0, deadLettered: 3 });
    expect(tally.deadLetteredByReason).toEqual({ Refused: 3 });
    expect(balances(tally)).toBe(true);
    expect(
      deadLetters.letters.map(({ id, reason, step, table, scope, records }) => ({
        id,
        reason,
        step,
        table,
        scope,
        records,
      })),
    ).toEqual([
      {
        id: 'hub/0/100/0',
        reason: 'Refused',
        step: 'delivery',
        table: 'DeviceNetworkEvents',
        scope: 'message',
        records: 3,
      },
    ]);
    // Exactly these records, in their order, as they were sent.
    expect(String(Buffer.from(deadLetters.letters[0]?.body ?? []))).toBe(JSON.stringify({ records: flow }));
  });

  test('becomes the same row when its dead letter is sent again, in this process and in another', async () => {
    const wanted = new MemorySender();
    await merging(wanted).settle(batchOf([message(...flow)]));
    let isRejecting = true;
    const [sender, deadLetters] = [
      new MemorySender((call, rows) => {
        if (isRejecting) rejecting(443)(call, rows);
      }),
      new MemoryDeadLetters(),
    ];
    const pipeline = merging(sender, deadLetters);
    await pipeline.settle(batch);
    isRejecting = false;
    const [body] = deadLetters.letters.map((letter) => Buffer.from(letter.body));
    const replayed = { ...batchOf([body]), partition: '1' };
    const elsewhere = new MemorySender();
    for (const one of [pipeline, merging(elsewhere)]) {
      expect(counts(await one.settle(replayed))).toEqual({
        received: 3,
        sent: 1,
        merged: 2,
        duplicates: 0,
        deadLettered: 0,
      });
    }
    expect(sender.stored.slice(1)).toEqual(wanted.stored);
    expect(elsewhere.stored).toEqual(wanted.stored);
  });

  test('is dead-lettered once, and counted alike, when its batch is redelivered', async () => {
    const [sender, deadLetters] = [new MemorySender(rejecting(443)), new MemoryDeadLetters()];
    const pipeline = merging(sender, deadLetters);
    const [before, after] = [await pipeline.settle(batch), await pipeline.settle(batch)];
    expect(counts(after)).toEqual(counts(before));
    expect(deadLetters.letters).toHaveLength(1);
  });

  test('keeps its numbers exact in the dead letter', async () => {
    const [sender, deadLetters] = [new MemorySender(rejecting(443)), new MemoryDeadLetters()];
    const exact = [exactRecord('639199916335081329'), exactRecord('639199916335081331')];
    const body = Buffer.from(`{"records":[${exact.join(',')},${JSON.stringify(other)}]}`);
    await merging(sender, deadLetters).settle(batchOf([body]));
    expect(String(Buffer.from(deadLetters.letters[0]?.body ?? []))).toBe(`{"records":[${exact.join(',')}]}`);
  });
});
