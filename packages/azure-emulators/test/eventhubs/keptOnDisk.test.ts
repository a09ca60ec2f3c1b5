import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { holds } from '../holds';
import { closeAll, closeLater, impatient, read, startBench, text } from './clients';

const directory = mkdtempSync(join(tmpdir(), 'event-hubs-'));
let run = 0;

/** A new directory for each test. */
function newDirectory(): string {
  return join(directory, String(++run));
}

function fileOf(kept: string): string {
  return join(kept, 'hub', '0.ndjson');
}

afterEach(closeAll);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const in0 = { partitionId: '0' };

describe('With a directory', () => {
  test(
    holds(
      'after a restart events, sequence numbers, offsets and times are the same, and continue',
      'eventhubs.restart',
    ),
    async () => {
      const kept = newDirectory();
      const before = await startBench({ directory: kept });
      await before.producer().sendBatch([{ body: 'a'.repeat(1000) }], in0);
      await before.producer().sendBatch([{ body: Buffer.from([1, 2]) }], in0);
      const first = await read(before.consumer(), '0', 2);
      await closeAll();

      const after = await startBench({ directory: kept });
      await after.producer().sendBatch([{ body: 'c' }], in0);
      const second = await read(after.consumer(), '0', 3);
      const identity = ({ body, offset, sequenceNumber, enqueuedTimeUtc }: (typeof first)[number]): unknown => [
        body,
        offset,
        sequenceNumber,
        enqueuedTimeUtc,
      ];
      expect(second.slice(0, 2).map(identity)).toStrictEqual(first.map(identity));
      expect(second[2]).toMatchObject({ body: 'c', sequenceNumber: 2 });
      expect(Number(second[2]?.offset)).toBeGreaterThan(Number(second[1]?.offset));
      expect(after.lines).toStrictEqual([]);
    },
  );

  test(holds('a checkpoint from before the restart is still valid', 'eventhubs.restart'), async () => {
    const kept = newDirectory();
    const before = await startBench({ directory: kept });
    await before.producer().sendBatch([{ body: 'a' }, { body: 'b' }], in0);
    const offset = (await read(before.consumer(), '0', 2))[0]?.offset ?? '';
    await closeAll();
    const after = await startBench({ directory: kept });
    expect((await read(after.consumer(), '0', 1, { from: { offset } }))[0]?.body).toBe('b');
  });

  test('retention holds over a restart, and the next sequence number even if all events have expired', async () => {
    const kept = newDirectory();
    let now = Date.UTC(2020, 0, 1);
    const options = { directory: kept, retentionMs: 1000, now: () => now };
    const before = await startBench(options);
    await before.producer().sendBatch([{ body: 'a' }, { body: 'b' }], in0);
    await closeAll();
    now += 2000;
    const after = await startBench(options);
    expect(after.emulator.statistics().hubs['hub']?.[0]).toMatchObject({ count: 0, lastSequenceNumber: 1 });
    await after.producer().sendBatch([{ body: 'c' }], in0);
    expect((await read(after.consumer(), '0', 1))[0]).toMatchObject({ body: 'c', sequenceNumber: 2 });
  });

  test('an idempotent producer is remembered', async () => {
    const kept = newDirectory();
    const before = await startBench({ directory: kept });
    await before.idempotentProducer().sendBatch([{ body: 1 }, { body: 2 }], in0);
    await closeAll();
    const after = await startBench({ directory: kept });
    const again = after.idempotentProducer({ 0: { producerGroupId: 1, ownerLevel: 0, startingSequenceNumber: 0 } });
    await again.sendBatch([{ body: 1 }, { body: 2 }], in0);
    expect(after.emulator.statistics().hubs['hub']?.[0]?.count).toBe(2);
  });
});

describe('A directory has one emulator', () => {
  test('a second emulator is rejected and its error names the process; after a stop the directory is free', async () => {
    const kept = newDirectory();
    const first = await startBench({ directory: kept });
    await expect(startBench({ directory: kept })).rejects.toThrow(`process ${process.pid} is using the directory`);
    await first.emulator.stop();
    await startBench({ directory: kept });
  });

  test('the directory is also free if a start fails, and if the process that used it has ended', async () => {
    const kept = newDirectory();
    const { emulator } = await startBench();
    await expect(startBench({ directory: kept, port: emulator.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const gone = spawnSync(process.execPath, ['--version']).pid;
    writeFileSync(join(kept, 'emulator.pid'), String(gone));
    await startBench({ directory: kept });
  });
});

describe('A write that was cut short', () => {
  test.each([1, 7, 9, 40])('%i bytes of a batch are removed on load, and a line says so', async (left) => {
    const kept = newDirectory();
    const before = await startBench({ directory: kept });
    const producer = before.producer();
    await producer.sendBatch([{ body: 'whole' }], in0);
    const whole = readFileSync(fileOf(kept)).length;
    await producer.sendBatch([{ body: 'torn' }, { body: 'torn' }], in0);
    await closeAll();
    truncateSync(fileOf(kept), whole + left);

    const after = await startBench({ directory: kept });
    expect(after.lines).toStrictEqual([text(`removed the last ${left} bytes, a batch whose writing was cut short`)]);
    expect(readFileSync(fileOf(kept))).toHaveLength(whole);
    await after.producer().sendBatch([{ body: 'next' }], in0);
    const events = await read(after.consumer(), '0', 2);
    expect(events.map(({ body, sequenceNumber }) => [body, sequenceNumber] as unknown)).toStrictEqual([
      ['whole', 0],
      ['next', 1],
    ]);
  });

  test('changed bytes in the middle are damage: the emulator refuses to start and names the file', async () => {
    const kept = newDirectory();
    const producer = (await startBench({ directory: kept })).producer();
    for (const body of ['one', 'two']) await producer.sendBatch([{ body }], in0);
    await closeAll();
    const bytes = readFileSync(fileOf(kept));
    bytes[40] = (bytes[40] ?? 0) ^ 0xff;
    writeFileSync(fileOf(kept), bytes);
    await expect(startBench({ directory: kept })).rejects.toThrow(
      /line 1 of .*0\.ndjson is damaged\. Restore the file/,
    );
  });

  test('zeros at the end, as some file systems leave after a power failure, are removed, too', async () => {
    const kept = newDirectory();
    await (await startBench({ directory: kept })).producer().sendBatch([{ body: 'whole' }], in0);
    await closeAll();
    appendFileSync(fileOf(kept), Buffer.alloc(20));
    const after = await startBench({ directory: kept });
    expect(after.lines).toHaveLength(1);
    expect(after.emulator.statistics().hubs['hub']?.[0]?.count).toBe(1);
  });
});

describe('kill -9', () => {
  test(
    holds('every acknowledged event is stored after the emulator was killed during sends', 'eventhubs.restart'),
    async () => {
      const kept = newDirectory();
      const child = fork(join(__dirname, 'emulatorProcess.ts'), [kept], { execArgv: ['--import', 'tsx'] });
      const address = await connectionString(child);
      const producer = closeLater(
        new EventHubProducerClient(address, { retryOptions: { maxRetries: 0, timeoutInMs: 1000 } }),
      );
      let acknowledged = 0;
      const sending = (async () => {
        for (let body = 0; ; body++) {
          await producer.sendBatch([{ body }, { body: Buffer.alloc(20_000) }], in0);
          acknowledged++;
          if (acknowledged === 30) child.kill('SIGKILL');
        }
      })();
      await expect(sending).rejects.toThrow();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const after = await startBench({ directory: kept });
      const stored = after.emulator.statistics().hubs['hub']?.[0]?.count ?? 0;
      expect(stored % 2).toBe(0);
      expect(stored / 2).toBeGreaterThanOrEqual(acknowledged);
      const events = await read(after.consumer('$Default', impatient), '0', stored);
      const bodies = events.filter((_event, index) => index % 2 === 0).map(({ body }) => body as unknown);
      expect(bodies).toStrictEqual(bodies.map((_body, index) => index));
    },
  );
});

function connectionString(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      if (typeof message === 'string') resolve(message);
    });
  });
}
