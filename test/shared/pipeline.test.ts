import { EventEmitter, once } from 'node:events';
import * as fc from 'fast-check';
import { balances, type Tally } from '../../shared/books';
import { DeliveryError } from '../../shared/errors/batchErrors';
import type * as transformModule from '../../shared/transform/transform';
import { batchOf, largeBatch, message, pipelineOf, recordOf } from './kit/batches';
import { MemoryDeadLetters, MemorySender, type SentRow } from './kit/doubles';
import { anyBody, mutatedMessage } from './kit/envelopes';

jest.mock('../../shared/transform/transform', () => {
  const real = jest.requireActual<typeof transformModule>('../../shared/transform/transform');
  return {
    ...real,
    transformToText: (...[record, ...others]: Parameters<typeof real.transformToText>) => {
      if (record.properties['DeviceName'] === 'poison') throw new RangeError('a fault of ours');
      return real.transformToText(record, ...others);
    },
  };
});

function holdsFirst(rows: readonly SentRow[]): boolean {
  return rows.some((row) => row['EventOriginalUid'] === '0');
}

const forbidden = (): DeliveryError => new DeliveryError('Forbidden', 403, 'No role.');

describe('a batch', () => {
  test('of any messages is settled, and its books agree with what was sent and dead-lettered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(mutatedMessage, anyBody), { maxLength: 4 }), async (bodies) => {
        const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
        const tally = await pipelineOf(sender, deadLetters).settle(batchOf(bodies));
        expect(balances(tally)).toBe(true);
        expect([tally.sent, tally.deadLettered, tally.messages]).toEqual([
          sender.stored.length,
          deadLetters.letters.length,
          bodies.length,
        ]);
        expect(tally.bytesIn).toBeGreaterThanOrEqual(
          bodies.reduce<number>((sum, b) => sum + (b instanceof Uint8Array ? b.length : 0), 0),
        );
        const uids = sender.stored.map((row) => row['EventUid']);
        expect(new Set(uids).size).toBe(uids.length);
        const ids = deadLetters.letters.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  test('counts each record in its final state', async () => {
    const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
    const bodies = [
      message(recordOf(1), recordOf(2), recordOf(1)),
      message(recordOf(3, { Timestamp: 'never' }), { category: 'AdvancedHunting-DeviceInfo', properties: {} }, 5),
      message(
        { category: 'DeviceEvents', properties: { ActionType: 'DnsQueryResponse' } },
        recordOf(4, { NewColumn: 1 }),
      ),
      Buffer.from('{"records":['),
      Buffer.alloc(0),
    ];
    const tally = await pipelineOf(sender, deadLetters).settle(batchOf(bodies));
    const { bytesOut, ...counts } = tally;
    expect(bytesOut).toBeGreaterThan(1000);
    expect(counts).toEqual<Omit<Tally, 'bytesOut'>>({
      messages: 5,
      bytesIn: bodies.reduce((sum, { length }) => sum + length, 0),
      received: 10,
      recordsRepaired: 0,
      sent: 3,
      skipped: 2,
      dropped: 0,
      merged: 0,
      duplicates: 1,
      deadLettered: 4,
      bytesSent: 7,
      skippedByTable: { DeviceInfo: 1, 'DeviceEvents/DnsQueryResponse': 1 },
      droppedByRule: {},
      deadLetteredByReason: { BadTimestamp: 1, NotARecord: 1, InvalidJson: 1, EmptyMessage: 1 },
      newInSchema: { 'column NewColumn': 1 },
      unreadableByColumn: {},
      countedByRule: {},
      ruleErrorsByRule: {},
    });
    expect(sender.stored.map((row) => row['EventOriginalUid'])).toEqual(['1', '2', '4']);
  });

  test('without messages is settled without a call', async () => {
    const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
    const tally = await pipelineOf(sender, deadLetters).settle(batchOf([]));
    expect([tally.received, sender.calls.length]).toEqual([0, 0]);
  });

  test('of a partition always goes to the same DCR', async () => {
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, new MemoryDeadLetters(), ['dcr-a', 'dcr-b', 'dcr-c']);
    const partitions = ['0', '1', '2', '3', '4', '31', 'unknown', '1'];
    for (const [id, partition] of partitions.entries())
      await pipeline.settle(batchOf([message(recordOf(id))], partition));
    expect(sender.calls.map(({ dcrId }) => dcrId)).toEqual([
      'dcr-a',
      'dcr-b',
      'dcr-c',
      'dcr-a',
      'dcr-b',
      'dcr-b',
      'dcr-a',
      'dcr-b',
    ]);
  });

  test('does not store what an earlier batch has stored', async () => {
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    await pipeline.settle(batchOf([message(recordOf(1), recordOf(2))]));
    const tally = await pipeline.settle(batchOf([message(recordOf(2), recordOf(3))], '1'));
    expect([tally.sent, tally.duplicates, sender.stored.length]).toEqual([1, 1, 3]);
  });
});

describe('a dead letter', () => {
  test('holds id, reason, step and table, and the bytes of the message or the record as JSON', async () => {
    const deadLetters = new MemoryDeadLetters();
    const broken = Buffer.from([0xff, 0x7b, 0x00]);
    const bad = recordOf(2, { Timestamp: 'never' });
    await pipelineOf(new MemorySender(), deadLetters).settle(batchOf([broken, message(recordOf(1), bad, 'text')], '3'));
    const known = deadLetters.letters.map(({ id, reason, step, table, scope, body }) => [
      `${id} ${reason} ${step} ${table} ${scope}`,
      Buffer.from(body).toString('latin1'),
    ]);
    expect(known).toEqual([
      ['hub/3/100/0 InvalidJson envelope undefined message', '\u00ff{\0'],
      ['hub/3/101/1 BadTimestamp transform DeviceNetworkEvents record', JSON.stringify(bad)],
      ['hub/3/101/2 NotARecord envelope undefined record', '"text"'],
    ]);
  });

  test('of a JSON line holds the line', async () => {
    const deadLetters = new MemoryDeadLetters();
    await pipelineOf(new MemorySender(), deadLetters).settle(
      batchOf([Buffer.from(`${JSON.stringify(recordOf(1))}\n{"a":`)]),
    );
    expect(deadLetters.letters.map(({ scope, body }) => [scope, Buffer.from(body).toString()])).toEqual([
      ['record', '{"a":'],
    ]);
  });

  test('keeps long numbers and any depth', async () => {
    const deadLetters = new MemoryDeadLetters();
    const long = '{"category":"DeviceNetworkEvents","properties":{"ReportId":9007199254740993}}';
    const depth = 200_000;
    const deep = `{"category":"DeviceNetworkEvents","properties":{"x":${'['.repeat(depth)}${']'.repeat(depth)}}}`;
    await pipelineOf(new MemorySender(), deadLetters).settle(batchOf([Buffer.from(long), Buffer.from(deep)]));
    expect(deadLetters.letters.map(({ scope, body }) => [scope, Buffer.from(body).toString()])).toEqual([
      ['record', long],
      ['record', deep],
    ]);
  });

  test('is written for one record when the transform throws on it', async () => {
    const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
    const tally = await pipelineOf(sender, deadLetters).settle(
      batchOf([message(recordOf(1), recordOf(2, { DeviceName: 'poison' }), recordOf(3))]),
    );
    expect([tally.sent, tally.deadLetteredByReason]).toEqual([2, { InternalError: 1 }]);
    expect(deadLetters.letters).toMatchObject([
      { id: 'hub/0/100/1', reason: 'InternalError', step: 'transform', table: 'DeviceNetworkEvents' },
    ]);
    expect(deadLetters.letters[0]?.error).toContain('RangeError: a fault of ours');
  });
});

describe('a batch that cannot be delivered', () => {
  test('fails only when all its calls have ended, and dead-letters nothing', async () => {
    const service = new EventEmitter();
    const held = once(service, 'free').then(() => undefined);
    const sender = new MemorySender((call) => (call === 1 ? Promise.reject(forbidden()) : held));
    const deadLetters = new MemoryDeadLetters();
    let outcome = 'none yet';
    const settled = pipelineOf(sender, deadLetters)
      .settle(largeBatch())
      .then(
        () => (outcome = 'settled'),
        (error: unknown) => (outcome = error instanceof DeliveryError ? error.code : 'another error'),
      );
    while (sender.calls.length < 2) await new Promise(setImmediate);
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    expect([outcome, sender.inFlight > 0]).toEqual(['none yet', true]);
    service.emit('free');
    await settled;
    expect([outcome, sender.inFlight, deadLetters.letters]).toEqual(['Forbidden', 0, []]);
  });

  test('sends and dead-letters, when it is redelivered, only what was not accepted, and counts everything once', async () => {
    const sender = new MemorySender((call) => {
      if (call === 2) throw forbidden();
    });
    const deadLetters = new MemoryDeadLetters();
    const pipeline = pipelineOf(sender, deadLetters);
    await expect(pipeline.settle(largeBatch())).rejects.toThrow('No role.');
    const accepted = sender.stored.length;
    expect([accepted > 0, deadLetters.letters]).toEqual([true, []]);
    const tally = await pipeline.settle(largeBatch());
    expect([tally.sent, tally.deadLettered, balances(tally)]).toEqual([40, 1, true]);
    const uids = sender.stored.map((row) => row['EventUid']);
    expect([uids.length, new Set(uids).size, deadLetters.letters.length]).toEqual([40, 40, 1]);
  });

  test('sends nothing twice even if another batch has stored one of its events meanwhile', async () => {
    let isClosed = true;
    const sender = new MemorySender(async (_, rows) => {
      if (!isClosed || holdsFirst(rows)) return;
      while (!holdsFirst(sender.stored)) await new Promise(setImmediate);
      throw forbidden();
    });
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    await expect(pipeline.settle(largeBatch())).rejects.toThrow('No role.');
    isClosed = false;
    await pipeline.settle(batchOf([message(recordOf(0))], '1'));
    const tally = await pipeline.settle(largeBatch());
    expect([tally.received, balances(tally)]).toEqual([41, true]);
    const ids = sender.stored.map((row) => Number(row['EventOriginalUid']));
    expect(ids).toContain(0);
    // Event 0 itself may be there twice: its first batch had failed, and its second could not know.
    expect(ids.filter((id) => id !== 0).toSorted((x, y) => x - y)).toEqual(Array.from({ length: 39 }, (_, i) => i + 1));
  });

  test('is held when a dead letter cannot be written, and then writes only what was not acknowledged', async () => {
    let refusals = 1;
    const deadLetters = new MemoryDeadLetters(({ id }) => {
      if (id === 'hub/0/101/0' && refusals-- > 0) throw new Error('no hub');
    });
    const sender = new MemorySender();
    const pipeline = pipelineOf(sender, deadLetters);
    const batch = batchOf([Buffer.from('a'), Buffer.from('b'), message(recordOf(1))]);
    await expect(pipeline.settle(batch)).rejects.toThrow('no hub');
    const tally = await pipeline.settle(batch);
    expect([tally.sent, tally.deadLettered, sender.stored.length]).toEqual([1, 2, 1]);
    expect(deadLetters.letters.map(({ id }) => id)).toEqual(['hub/0/100/0', 'hub/0/101/0']);
  });

  test('fails at once when the app shuts down', async () => {
    const sender = new MemorySender(() =>
      Promise.reject(new DeliveryError('TooManyRequests', 429, 'busy', { retryAfterMs: 15_000 })),
    );
    const pipeline = pipelineOf(sender, new MemoryDeadLetters());
    const settled = pipeline.settle(batchOf([message(recordOf(1))]));
    while (sender.calls.length === 0) await new Promise(setImmediate);
    await pipeline.close();
    await expect(settled).rejects.toThrow(DeliveryError);
  });
});
