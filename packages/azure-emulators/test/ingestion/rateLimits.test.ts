import type { IngestionEmulator } from '../../src/ingestion';
import { Rejection } from '../../src/ingestion/rejection';
import { Rule } from '../../src/ingestion/rule';
import { holds } from '../holds';
import { clientOf, post, rule, ruleId, start, stream, upload } from './ingestionSetup';

let emulator: IngestionEmulator;
let now = Date.parse('2026-11-21T12:00:00Z');

afterEach(() => emulator.stop());

// Service limits: requests and bytes a minute and rule; 429 names the seconds to wait in Retry-After.
describe('The limits of a minute', () => {
  test(
    holds('one request too many is 429 with Retry-After, until the minute is over', 'ingestion.request-rate'),
    async () => {
      emulator = await start({ now: () => now, rules: [{ ...rule, requestsPerMinute: 2 }] });
      await post(emulator, '[{}]');
      now += 20_500;
      await post(emulator, '[{}]');
      const answer = await post(emulator, '[{}]');
      expect([answer.outcome, answer.headers['retry-after']]).toEqual(['429 TooManyRequests', '40']);
      now += 39_499;
      expect((await post(emulator, '[{}]')).outcome).toBe('429 TooManyRequests');
      now++;
      expect((await post(emulator, '[{}]')).outcome).toBe('204');
    },
  );

  test(
    holds('bytes are counted uncompressed, and those of a rejected call are not', 'ingestion.byte-rate'),
    async () => {
      emulator = await start({ now: () => now, rules: [{ ...rule, bytesPerMinute: 3000 }] });
      const rows = [{ Text: 'x'.repeat(1500) }];
      expect(await upload(emulator, rows)).toBe('204');
      expect(await upload(emulator, rows)).toBe('429 TooManyRequests');
      expect(await upload(emulator, [{ Text: 'x' }])).toBe('204');
    },
  );

  test(holds('each rule has its own', 'ingestion.byte-rate'), async () => {
    const rules = [
      { ...rule, requestsPerMinute: 1 },
      { ...rule, immutableId: 'dcr-2', requestsPerMinute: 1 },
    ];
    emulator = await start({ now: () => now, rules });
    const outcomes = [
      await upload(emulator, [{}]),
      await upload(emulator, [{}], { rule: 'dcr-2' }),
      await upload(emulator, [{}]),
    ];
    expect(outcomes).toEqual(['204', '204', '429 TooManyRequests']);
  });

  test(holds('by default a DCR accepts 12,000 requests and 2 GB a minute', 'ingestion.byte-rate'), () => {
    const asDocumented = new Rule({ immutableId: ruleId, streams: {} });
    for (let request = 0; request < 12_000; request++) asDocumented.countRequest(now);
    expect(() => asDocumented.countRequest(now)).toThrow(Rejection);
    asDocumented.countBytes(1_999_999_999, now);
    asDocumented.countBytes(1, now);
    expect(() => asDocumented.countBytes(1, now)).toThrow(Rejection);
  });

  test('the SDK client waits for Retry-After and sends again', async () => {
    emulator = await start({ now: () => now });
    emulator.faults.inject({ kind: 'status', status: 429, retryAfterSeconds: 0 });
    await clientOf(emulator, 'good', 1).upload(ruleId, stream, [{}]);
    expect(emulator.statistics().byStatus).toEqual({ '429': 1, '204': 1 });
  });
});
