import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { clientOf, post, ruleId, start, storedRows, stream, upload } from './ingestionSetup';

let emulator: IngestionEmulator;

afterEach(() => emulator.stop());

/** The limits that senders report. */
const limitsSeenBySenders = { compressedBytes: 1_048_576, uncompressedBytes: 52_428_800 };
const gzipped = { headers: { 'content-encoding': 'gzip' } };

/** A call of exactly so many bytes. */
function callOf(bytes: number): string {
  const row = '{"Text":"x"},';
  const rows = row.repeat(Math.floor((bytes - 20) / row.length));
  return `[${rows}${'{}'.padEnd(bytes - rows.length - 2)}]`;
}

describe('The size of a call', () => {
  // Service limits: 1 MB a call, compressed and uncompressed; the strictest reading is 1,000,000 bytes of either.
  test(holds('1,000,000 bytes pass and one more is 413, plain or gzipped', 'ingestion.body-size'), async () => {
    emulator = await start();
    expect((await post(emulator, callOf(1_000_000))).outcome).toBe('204');
    expect((await post(emulator, gzipSync(callOf(1_000_000)), gzipped)).outcome).toBe('204');
    expect((await post(emulator, callOf(1_000_001))).outcome).toBe('413 ContentLengthLimitExceeded');
    expect((await post(emulator, gzipSync(callOf(1_000_001)), gzipped)).outcome).toBe('413 ContentLengthLimitExceeded');
  });

  // Reported by senders, and by the live tests of the .NET client: 1,048,576 bytes as sent.
  test(
    holds(
      'with the limits that senders report, only the compressed size counts up to 50 MiB',
      'ingestion.reported-body-size',
    ),
    async () => {
      emulator = await start({ limits: limitsSeenBySenders });
      expect((await post(emulator, gzipSync(callOf(3_000_000)), gzipped)).outcome).toBe('204');
      const answer = await post(emulator, callOf(1_048_577));
      expect(answer.outcome).toBe('413 ContentLengthLimitExceeded');
      expect(answer.body).toBe(
        '{"error":{"code":"ContentLengthLimitExceeded","message":"Maximum allowed content length: 1048576 bytes (1 MB). Provided content length: 1048577 bytes."}}',
      );
    },
  );

  test('a gzip bomb is 413 and is not inflated past the limit', async () => {
    emulator = await start({ limits: { compressedBytes: 1_048_576, uncompressedBytes: 1_000_000 } });
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const answer = await post(emulator, bomb, gzipped);
    expect(answer.outcome).toBe('413 ContentLengthLimitExceeded');
    expect(answer.body).toContain('Provided content length: more than 1000000 bytes.');
  });

  // The SDK's client sends a single row above 1 MB by itself, and leaves it to the service to reject it.
  test(holds('a row above 1 MB that the SDK client sends is 413', 'ingestion-client.large-row'), async () => {
    emulator = await start();
    expect(await upload(emulator, [{ Text: randomBytes(1_200_000).toString('base64') }])).toBe(
      '413 ContentLengthLimitExceeded',
    );
  });

  test('a body of 5 MB is read to its end, so that its sender sees the 413', async () => {
    emulator = await start();
    expect((await post(emulator, Buffer.alloc(5_000_000, 'x'))).outcome).toBe('413 ContentLengthLimitExceeded');
  });
});

describe('What a body holds', () => {
  test.each([
    ['no gzip under Content-Encoding: gzip', 'plain', gzipped, '400 InvalidPayload'],
    ['gzip that ends early', gzipSync('[{"Text":"a"}]').subarray(0, -5), gzipped, '400 InvalidPayload'],
    ['gzip without Content-Encoding', gzipSync('[{"Text":"a"}]'), {}, '400 InvalidPayload'],
    ['no JSON', '[{"Text":"a"}', {}, '400 InvalidPayload'],
    ['no UTF-8', Buffer.from('[{"Text":"\xe9"}]', 'latin1'), {}, '400 InvalidPayload'],
    ['a byte order mark', '\uFEFF[{"Text":"a"}]', {}, '400 InvalidPayload'],
    ['an object', '{"Text":"a"}', {}, '400 EmulatorNotAnArray'],
    ['an array of arrays', '[[{"Text":"a"}]]', {}, '400 InvalidPayload'],
    ['one element that is no object', '[{"Text":"a"},null]', {}, '400 InvalidPayload'],
    ['half a million brackets', '['.repeat(400_000) + ']'.repeat(400_000), {}, '400 InvalidPayload'],
    // Live tests of the .NET client: status 500 without a code of its own.
    ['nothing', '', {}, '500 InternalServerError'],
  ])(holds('%s is rejected and stores nothing', 'ingestion.empty-body'), async (_, body, call, outcome) => {
    emulator = await start();
    expect((await post(emulator, body, call)).outcome).toBe(outcome);
    expect(await storedRows(emulator)).toEqual([]);
  });

  test('an empty array is accepted', async () => {
    emulator = await start();
    expect((await post(emulator, ' [ ] ')).outcome).toBe('204');
    expect(emulator.statistics().stored[ruleId]?.[stream]?.rows).toBe(0);
  });
});

describe('A large upload, which the SDK client splits and gzips', () => {
  const rows = Array.from({ length: 3000 }, (_, index) => ({ Small: index, Text: 'x'.repeat(1000) }));

  test(holds('every row of every chunk is stored', 'ingestion.gzip', 'ingestion-client.gzip'), async () => {
    emulator = await start({ limits: limitsSeenBySenders });
    await clientOf(emulator).upload(ruleId, stream, rows, { maxConcurrency: 3 });
    const stored = await storedRows(emulator);
    expect(stored.toSorted()).toEqual(rows.map((row) => JSON.stringify(row)).toSorted());
    const { calls, bytes, compressedBytes } = emulator.statistics().stored[ruleId]?.[stream] ?? {};
    expect(calls).toBe(4);
    expect(bytes).toBeGreaterThan(3_000_000);
    expect(compressedBytes).toBeLessThan(100_000);
  });

  // The client counts rows, not the commas between them: its chunks come to a little more than 1,000,000 bytes.
  test('its full chunks are too large for the strictest reading of the limit', async () => {
    emulator = await start();
    expect(await upload(emulator, rows)).toBe('413 ContentLengthLimitExceeded');
    expect(emulator.statistics().byStatus).toEqual({ '413': 3, '204': 1 });
  });
});
