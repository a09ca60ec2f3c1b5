import { Agent } from 'node:https';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { IngestionEmulator } from '../../src/ingestion';
import { unicodeText } from '../unicodeText';
import { post, ruleId, start, storedRows, stream } from './ingestionSetup';

let emulator: IngestionEmulator;
const agent = new Agent({ keepAlive: true });

// Hundreds of calls on a machine that may be busy with others.
beforeAll(async () => {
  emulator = await start();
});

afterAll(async () => {
  agent.destroy();
  await emulator.stop();
});

/** Bodies from noise to nearly right: bytes, text, JSON, and a good array with one place spoilt. */
const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  unicodeText.map((text) => Buffer.from(text)),
  fc.json().map((text) => Buffer.from(text)),
  fc.array(fc.jsonValue()).map((rows) => Buffer.from(JSON.stringify(rows))),
  fc
    .tuple(fc.array(fc.record({ Small: fc.integer(), Text: fc.string() })), fc.nat(), fc.string({ maxLength: 2 }))
    .map(([rows, at, noise]) => {
      const text = JSON.stringify(rows);
      return Buffer.from(text.slice(0, at % text.length) + noise + text.slice((at % text.length) + 1));
    }),
);

test('any body gets an answer, and is stored whole or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(anyBody, fc.constantFrom('plain', 'gzip', 'gzip in name only'), async (body, form) => {
      const before = (await storedRows(emulator)).length;
      const headers = form === 'plain' ? {} : { 'content-encoding': 'gzip' };
      const { outcome } = await post(emulator, form === 'gzip' ? gzipSync(body) : body, { headers, agent });
      const stored = (await storedRows(emulator)).length - before;
      if (outcome === '204') expect(stored).toBe(rowsIn(body));
      else {
        expect(outcome).toMatch(/^(400 \w+|500 InternalServerError)$/);
        expect(stored).toBe(0);
        // 500 is for the empty body alone; any other would be a fault of the emulator.
        expect(outcome.startsWith('500')).toBe(body.length === 0 && form !== 'gzip');
      }
    }),
    { numRuns: 150 },
  );
});

test('any address gets an answer, and only the right one stores rows', async () => {
  const part = fc.oneof(
    unicodeText.map((text) => `/${encodeURI(text)}`),
    fc.stringMatching(/^[!-~]{0,30}$/),
    fc.constantFrom(
      '/dataCollectionRules',
      '/streams',
      `/${ruleId}`,
      `/${stream}`,
      '?api-version=2023-01-01',
      '%',
      '//',
    ),
  );
  const before = (await storedRows(emulator)).length;
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 5 }), async (parts) => {
      const { outcome } = await post(emulator, '[{"Small":1}]', { path: `/${parts.join('')}`, agent });
      expect(outcome).toMatch(/^40[04] (NotFound|InvalidStream|EmulatorApiVersion)$/);
    }),
    { numRuns: 100 },
  );
  expect(await storedRows(emulator)).toHaveLength(before);
});

test('bytes that are no TLS end their connection and nothing else', async () => {
  const { port } = new URL(emulator.endpoint);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (noise) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.on('error', () => socket.destroy());
      socket.end(noise);
      socket.resume();
      await new Promise((resolve) => {
        socket.once('close', resolve);
      });
    }),
    { numRuns: 30 },
  );
  expect((await post(emulator, '[]')).outcome).toBe('204');
});

function rowsIn(body: Buffer): number {
  const parsed: unknown = JSON.parse(body.toString());
  return Array.isArray(parsed) ? parsed.length : Number.NaN;
}
