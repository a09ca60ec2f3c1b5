import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { unicodeText } from '../unicodeText';
import { post, rule, ruleId, start, storedRows, stream, upload } from './ingestionSetup';

let directory: string;
let emulator: IngestionEmulator;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ingestion-'));
});

afterEach(async () => {
  await emulator.stop();
  await rm(directory, { recursive: true, force: true });
});

const file = () => join(directory, 'out', `${stream}.ndjson`);
const startInFiles = () => start({ directory: join(directory, 'out') });

describe('Rows in files', () => {
  test(
    holds(
      'are the text that was sent, one line each: digits beyond 2^53, escapes, spaces, key order',
      'ingestion.rows-as-sent',
    ),
    async () => {
      emulator = await startInFiles();
      const first = '{"Text":"caf\\u00e9 \u2028 \\/","Big": 9007199254740993 ,"Small":1}';
      const second = '{"Ratio":1.10e+01,"Fields":{"b":18446744073709551616,"a":[ ]}}';
      await post(emulator, `[ ${first} ,\n${second}]`);
      expect(await readFile(file(), 'utf8')).toBe(`${first}\n${second}\n`);
      expect(await storedRows(emulator)).toEqual([first, second]);
    },
  );

  test('stay one line each where the sender breaks lines between tokens', async () => {
    emulator = await startInFiles();
    await post(emulator, '[{\r\n  "Text": "a"\n}]');
    expect(await storedRows(emulator)).toEqual(['{    "Text": "a" }']);
  });

  test('are complete when stop has resolved, and can still be read', async () => {
    emulator = await startInFiles();
    const calls = Array.from({ length: 50 }, (_, index) => upload(emulator, [{ Small: index }, { Small: -index }]));
    const outcomes = await Promise.all(calls);
    await emulator.stop();
    expect(new Set(outcomes)).toEqual(new Set(['204']));
    expect((await readFile(file(), 'utf8')).split('\n')).toHaveLength(101);
    expect(await storedRows(emulator)).toHaveLength(100);
  });

  test('of a call that stop interrupts are stored exactly if it was answered with 204', async () => {
    emulator = await startInFiles();
    const calls = Array.from({ length: 30 }, (_, index) => upload(emulator, [{ Small: index }]));
    await Promise.race(calls);
    await emulator.stop();
    const accepted = (await Promise.all(calls)).filter((outcome) => outcome === '204').length;
    const stored = await storedRows(emulator);
    expect(accepted).toBeGreaterThan(0);
    expect(stored).toHaveLength(emulator.statistics().stored[ruleId]?.[stream]?.rows ?? 0);
    expect(stored.length).toBeGreaterThanOrEqual(accepted);
  });

  test('are added to those of an earlier run, without the half line of a process that died', async () => {
    emulator = await startInFiles();
    await post(emulator, '[{"Small":1}]');
    await emulator.stop();
    await appendFile(file(), `{"Text":"${'x'.repeat(70_000)}`);
    emulator = await startInFiles();
    await post(emulator, '[{"Small":2}]');
    expect(await storedRows(emulator)).toEqual(['{"Small":1}', '{"Small":2}']);
  });

  test('of two DCRs are in the same file of the stream', async () => {
    emulator = await start({ directory, rules: [rule, { ...rule, immutableId: 'dcr-2' }] });
    await upload(emulator, [{ Small: 1 }]);
    await upload(emulator, [{ Small: 2 }], { rule: 'dcr-2' });
    expect(await readFile(join(directory, `${stream}.ndjson`), 'utf8')).toBe('{"Small":1}\n{"Small":2}\n');
  });

  test('of a stream without calls are none', async () => {
    emulator = await startInFiles();
    expect(await storedRows(emulator)).toEqual([]);
    expect(await storedRows(emulator, 'Custom-Nothing')).toEqual([]);
  });
});

describe('A store that fails', () => {
  test('if the folder cannot be created, the answer is 500 and never 204', async () => {
    await writeFile(join(directory, 'taken'), '');
    emulator = await start({ directory: join(directory, 'taken', 'out') });
    expect(await upload(emulator, [{ Small: 1 }])).toBe('500 InternalServerError');
    expect(emulator.statistics()).toMatchObject({ byStatus: { '500': 1 }, stored: {} });
  });

  // /dev/full is a disk without room; only Linux has it.
  (process.platform === 'linux' ? test : test.skip)('on a full disk, the answer is 500 and never 204', async () => {
    await symlink('/dev/full', join(directory, `${stream}.ndjson`));
    emulator = await start({ directory });
    expect(await upload(emulator, [{ Small: 1 }])).toBe('500 InternalServerError');
    expect(await upload(emulator, [{ Small: 2 }])).toBe('500 InternalServerError');
    expect(emulator.statistics()).toMatchObject({ byStatus: { '500': 2 }, stored: {} });
  });
});

const cell = fc.oneof(
  fc.tuple(fc.constant('Text'), unicodeText),
  fc.tuple(fc.constant('Big'), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
  fc.tuple(fc.constant('Flag'), fc.boolean()),
  fc.tuple(fc.constant('Fields'), fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }))),
);

/** JSON text of a row, written without the help of anything under test. */
const rowText = fc
  .tuple(fc.uniqueArray(cell, { selector: ([name]) => name }), fc.constantFrom('', ' ', '\t'))
  .map(([cells, blank]) => {
    const members = cells.map(
      ([name, value]) => `"${name}"${blank}:${blank}${typeof value === 'bigint' ? value : JSON.stringify(value)}`,
    );
    return `{${blank}${members.join(`,${blank}`)}${blank}}`;
  });

test('whatever rows are sent, exactly their texts are stored, in their order', async () => {
  emulator = await startInFiles();
  const sent: string[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(rowText, { maxLength: 10 }), async (rows) => {
      const { outcome } = await post(emulator, `[${rows.join(',')}]`);
      expect(outcome).toBe('204');
      sent.push(...rows);
    }),
    { numRuns: 40 },
  );
  expect(await storedRows(emulator)).toEqual(sent);
});

describe('The times of a row', () => {
  test.each([['files'], ['memory']])(
    holds('are those of its call: received, and stored; in %s', 'ingestion.row-times'),
    async (kept) => {
      let clock = Date.parse('2026-11-29T12:00:00Z');
      const now = () => (clock += 1000);
      const options = kept === 'files' ? { directory: join(directory, 'out'), now } : { now };
      emulator = await start(options);
      await upload(emulator, [{ Text: 'a\u2028\u00e9' }, { Text: 'b' }]);
      const between = new Date(clock);
      await upload(emulator, [{ Text: 'c' }]);
      const times: [string, Date, Date][] = [];
      for await (const { text, receivedAt = between, storedAt = between } of emulator.storedRows(stream)) {
        times.push([text, receivedAt, storedAt]);
      }
      const [first, second, third] = times;
      expect(times.map(([text]) => text)).toEqual(['{"Text":"a\u2028\u00e9"}', '{"Text":"b"}', '{"Text":"c"}']);
      expect(first?.slice(1)).toEqual(second?.slice(1));
      for (const [, received, stored] of times) expect(received.getTime()).toBeLessThan(stored.getTime());
      expect(second?.[2].getTime()).toBeLessThanOrEqual(between.getTime());
      expect(third?.[1].getTime()).toBeGreaterThan(between.getTime());
    },
  );

  test('are not known of rows that an earlier process stored, and are of those after them', async () => {
    emulator = await startInFiles();
    await upload(emulator, [{ Text: 'earlier' }, { Text: 'earlier, too' }]);
    await emulator.stop();
    emulator = await startInFiles();
    await upload(emulator, [{ Text: 'now' }]);
    const known: boolean[] = [];
    for await (const { receivedAt, storedAt } of emulator.storedRows(stream)) {
      expect(receivedAt === undefined).toBe(storedAt === undefined);
      known.push(storedAt !== undefined);
    }
    expect(known).toEqual([false, false, true]);
  });
});
