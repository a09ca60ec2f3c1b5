import { DeliveryError } from '../../shared/errors/batchErrors';
import { batchOf, largeBatch, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender, type SentRow } from './kit/doubles';

const forbidden = (): DeliveryError => new DeliveryError('OperationFailed', 403, 'No role.');
const refusing = (isBad: (row: SentRow) => boolean) =>
  new MemorySender((_, rows) => {
    if (rows.some(isBad)) throw new DeliveryError('InvalidPayload', 400, 'refused');
  });
const records = (first: number, count: number): object[] =>
  Array.from({ length: count }, (_, i) => recordOf(first + i));
const isFrom =
  (first: number) =>
  ({ EventOriginalUid }: SentRow): boolean =>
    Number(EventOriginalUid) >= first;

const isFirst = (row: SentRow): boolean => row['EventOriginalUid'] === '0';
const pairWith = (id: number) => batchOf([message(recordOf(0), recordOf(id))]);
const twentyIn = (partition: string, first: number) => batchOf([message(...records(first, 20))], partition);

describe('what a process remembers', () => {
  test('a held batch counts its own stored row as sent, even if another partition has stored a copy meanwhile', async () => {
    let isClosed = true;
    const sender = new MemorySender(async (_, rows) => {
      if (!isClosed || rows.some(isFirst)) return;
      while (!sender.stored.some(isFirst)) await new Promise(setImmediate);
      // The copy in the other partition is on its way by now: it was looked up before this row was stored.
      await copied;
      throw forbidden();
    });
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    const held = pipeline.settle(largeBatch());
    const copied = pipeline.settle(batchOf([message(recordOf(0))], '1'));
    await expect(held).rejects.toThrow('No role.');
    expect(await copied).toMatchObject({ sent: 1, duplicates: 0 });
    isClosed = false;
    expect(await pipeline.settle(largeBatch())).toMatchObject({
      received: 41,
      sent: 40,
      duplicates: 0,
      deadLettered: 1,
    });
    expect(sender.stored.filter(isFirst)).toHaveLength(2);
  });

  test('the bytes of a batch that another instance has settled are not in later books', async () => {
    let calls = 0;
    const sender = new MemorySender(() => {
      if (++calls === 2) throw forbidden();
    });
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    await expect(pipeline.settle(largeBatch())).rejects.toThrow('No role.');
    expect(sender.stored.length).toBeGreaterThan(0);
    const before = sender.calls.length;
    const next = { ...batchOf([]), messages: [{ sequenceNumber: '117', body: message(recordOf(900)) }] };
    const { bytesOut, bytesSent } = await pipeline.settle(next);
    const row = sender.calls[before]?.rows;
    expect([bytesOut, bytesSent]).toEqual([JSON.stringify(row).length, 7]);
  });

  test('copies of accepted rows show that the DCR works: rejected rows beside them are dead-lettered', async () => {
    const [sender, deadLetters] = [refusing(isFrom(100)), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    await pipeline.settle(batchOf([message(...records(0, 60))], '1'));
    const tally = await pipeline.settle(batchOf([message(...records(0, 60), ...records(100, 50))]));
    expect(tally).toMatchObject({ received: 110, sent: 0, duplicates: 60, deadLettered: 50 });
  });

  test('a rejected row is sent again when it is replayed, and stored if the DCR accepts it now', async () => {
    let isWrong = true;
    const [sender, deadLetters] = [refusing((row) => isWrong && isFrom(5)(row)), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    expect(await pipeline.settle(batchOf([message(...records(0, 6))]))).toMatchObject({ sent: 5, deadLettered: 1 });
    isWrong = false;
    const replayed = { ...batchOf([]), messages: [{ sequenceNumber: '900', body: message(recordOf(5)) }] };
    expect(await pipeline.settle(replayed)).toMatchObject({ sent: 1, deadLettered: 0 });
    expect(deadLetters.letters).toHaveLength(1);
  });

  test('a record at the position of a rejected one, in a hub that was deleted and created again, is sent', async () => {
    const [sender, deadLetters] = [refusing(isFrom(5)), new MemoryDeadLetters()];
    const pipeline = pipelineOf(sender, deadLetters);
    await pipeline.settle(pairWith(5));
    expect(await pipeline.settle(pairWith(1))).toMatchObject({ sent: 2, deadLettered: 0 });
    expect(await pipeline.settle(pairWith(6))).toMatchObject({ sent: 1, deadLettered: 1 });
    expect(deadLetters.letters).toHaveLength(2);
  });

  test('a letter that was not acknowledged is written when its batch is redelivered, and no row is sent', async () => {
    let isDown = true;
    const sender = refusing(isFrom(5));
    const deadLetters = new MemoryDeadLetters(() => {
      if (isDown) throw new Error('no hub');
    });
    const pipeline = pipelineOf(sender, deadLetters);
    const batch = batchOf([message(...records(0, 6))]);
    await expect(pipeline.settle(batch)).rejects.toThrow('no hub');
    const calls = sender.calls.length;
    isDown = false;
    expect(await pipeline.settle(batch)).toMatchObject({ sent: 5, deadLettered: 1 });
    expect([sender.calls.length, deadLetters.letters.length]).toEqual([calls, 1]);
  });

  test('rows use the credit once, however often their letters could not be written', async () => {
    let isDown = true;
    const sender = refusing(isFrom(0));
    const deadLetters = new MemoryDeadLetters(() => {
      if (isDown) throw new Error('no hub');
    });
    const pipeline = pipelineOf(sender, deadLetters);
    const batch = batchOf([message(...records(0, 12))]);
    for (let i = 0; i < 3; i++) await expect(pipeline.settle(batch)).rejects.toThrow('no hub');
    isDown = false;
    expect(await pipeline.settle(batch)).toMatchObject({ deadLettered: 12 });
    // 20 less 12 are left.
    expect(await pipeline.settle(batchOf([message(...records(20, 8))], '1'))).toMatchObject({ deadLettered: 8 });
    await expect(pipeline.settle(batchOf([message(recordOf(30))], '2'))).rejects.toThrow(DeliveryError);
  });

  test('each DCR has its own credit', async () => {
    const pipeline = pipelineOf(refusing(isFrom(0)), new MemoryDeadLetters(), ['dcr-a', 'dcr-b']);
    expect(await pipeline.settle(twentyIn('0', 0))).toMatchObject({ deadLettered: 20 });
    expect(await pipeline.settle(twentyIn('1', 20))).toMatchObject({ deadLettered: 20 });
    await expect(pipeline.settle(twentyIn('2', 40))).rejects.toThrow(DeliveryError);
  });
});
