import { addTallies, Books, type Tally } from '../../shared/books';
import { readTransformSettings } from '../../shared/config';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { transformBatch } from '../../shared/transformBatch';
import { batchOf, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender } from './kit/doubles';

const settings = readTransformSettings({ OMIT_COLUMNS: 'EventMessage' });
const pipelineTo = (sender: MemorySender, deadLetters = new MemoryDeadLetters()) =>
  pipelineOf(sender, deadLetters, ['dcr-1'], 20, settings);

/** Enough records for some to be measured, with rows that take several calls. */
const records = Array.from({ length: 600 }, (_, id) =>
  recordOf(id, { InitiatingProcessCommandLine: 'x'.repeat(5000) }),
);
const batch = batchOf([message(...records.slice(0, 300)), message(...records.slice(300))]);

async function settledBooks(): Promise<Tally> {
  return pipelineTo(new MemorySender()).settle(batch);
}

const noneOf = ({ rowsSavedByLever, bytesSavedByLever }: Tally) => [rowsSavedByLever, bytesSavedByLever];

describe('what is saved', () => {
  test('is counted once for a batch that is retried after some of its rows were accepted', async () => {
    const { bytesSavedByLever } = await settledBooks();
    expect(bytesSavedByLever['OMIT_COLUMNS']).toBeGreaterThan(0);
    const sender = new MemorySender((call) => {
      if (call === 2) throw new DeliveryError('Forbidden', 403, 'No role.');
    });
    const pipeline = pipelineTo(sender);
    await expect(pipeline.settle(batch)).rejects.toThrow('No role.');
    expect(sender.stored.length).toBeGreaterThan(0);
    expect((await pipeline.settle(batch)).bytesSavedByLever).toEqual(bytesSavedByLever);
  });

  test('is the same on another instance, and however the messages are put into batches', async () => {
    const whole = await settledBooks();
    const pipeline = pipelineTo(new MemorySender());
    const parts: Tally[] = [];
    for (const one of batch.messages) parts.push(await pipeline.settle({ ...batch, messages: [one] }));
    const [first, second] = parts;
    if (first === undefined || second === undefined) throw new Error('Two batches were settled.');
    expect(noneOf(addTallies(first, second))).toEqual(noneOf(whole));
  });

  test('is nothing for duplicates', async () => {
    const pipeline = pipelineTo(new MemorySender());
    await pipeline.settle(batch);
    const copies = {
      ...batch,
      messages: batch.messages.map((one, i) => ({ ...one, sequenceNumber: String(900 + i) })),
    };
    const tally = await pipeline.settle(copies);
    expect(tally).toMatchObject({ duplicates: 600, sent: 0 });
    expect(noneOf(tally)).toEqual([{}, {}]);
  });

  test('is nothing for a row that the service rejects', async () => {
    const { rows } = await transformBatch(batch, settings, new Books());
    const measured = new Set(rows.filter(({ saved }) => saved.length > 0).map(({ uid }) => uid));
    const sender = new MemorySender((_, sent) => {
      const isBad = sent.some(({ EventUid: uid }) => typeof uid === 'string' && measured.has(uid));
      if (isBad) throw new DeliveryError('InvalidPayload', 400, 'A column has the wrong type.');
    });
    const tally = await pipelineTo(sender).settle(batch);
    expect(tally).toMatchObject({ deadLettered: measured.size, sent: 600 - measured.size });
    expect(measured.size).toBeGreaterThan(0);
    expect(noneOf(tally)).toEqual([{}, {}]);
  });

  test('is nothing where no setting sends less', async () => {
    const tally = await pipelineOf(new MemorySender(), new MemoryDeadLetters()).settle(batch);
    expect(noneOf(tally)).toEqual([{}, {}]);
  });
});
