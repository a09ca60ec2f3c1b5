import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { clientOf, post, ruleId, start, storedRows, stream, until, upload } from './ingestionSetup';

let emulator: IngestionEmulator;

beforeEach(async () => {
  emulator = await start();
});

afterEach(async () => {
  await emulator.stop();
  const { requests, byStatus } = emulator.statistics();
  const outcomes = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  expect(outcomes).toBe(requests);
});

const row = { Small: 1 };

test.each([400, 401, 403, 404, 408, 413, 429, 500, 502, 503, 504])(
  holds('%d for the next two calls, then 204', 'ingestion.any-status'),
  async (status) => {
    emulator.faults.inject({ kind: 'status', status, code: 'Asked', times: 2 });
    const outcomes = [await upload(emulator, [row]), await upload(emulator, [row]), await upload(emulator, [row])];
    expect(outcomes).toEqual([`${status} Asked`, `${status} Asked`, '204']);
    expect(await storedRows(emulator)).toHaveLength(1);
    expect(emulator.faults.fired()).toEqual({ [`status ${status}`]: 2 });
  },
);

test('reset: the connection is lost and nothing is stored', async () => {
  emulator.faults.inject({ kind: 'reset' });
  expect(await upload(emulator, [row])).toBe('ECONNRESET');
  expect(await storedRows(emulator)).toEqual([]);
});

test(
  holds(
    'storeThenReset: the connection is lost and the rows are stored, which the client cannot know',
    'ingestion.stored-but-lost',
  ),
  async () => {
    emulator.faults.inject({ kind: 'storeThenReset' });
    expect(await upload(emulator, [row])).toBe('ECONNRESET');
    expect(await storedRows(emulator)).toHaveLength(1);
  },
);

test('storeThenStatus: an error status although the rows are stored', async () => {
  emulator.faults.inject({ kind: 'storeThenStatus', status: 503 });
  expect(await upload(emulator, [row])).toBe('503 EmulatorFault');
  expect(await storedRows(emulator)).toHaveLength(1);
});

test('storeThenStatus does not hide that a call was rejected', async () => {
  emulator.faults.inject({ kind: 'storeThenStatus', status: 503 });
  expect(await upload(emulator, [{ Small: 'a' }])).toBe('400 EmulatorColumnType');
});

test('silence: no answer, nothing stored; the next call is answered', async () => {
  emulator.faults.inject({ kind: 'silence' });
  const abort = new AbortController();
  const unanswered = clientOf(emulator).upload(ruleId, stream, [row], { abortSignal: abort.signal });
  const outcome = expect(unanswered).rejects.toThrow();
  await until(() => emulator.statistics().byStatus['silence'] === 1);
  expect(await upload(emulator, [{ Small: 2 }])).toBe('204');
  abort.abort();
  await outcome;
  expect(await storedRows(emulator)).toEqual(['{"Small":2}']);
});

test('a silent call ends with its connection when the emulator stops', async () => {
  emulator.faults.inject({ kind: 'silence' });
  const unanswered = upload(emulator, [row]);
  await until(() => emulator.statistics().byStatus['silence'] === 1);
  await emulator.stop();
  expect(await unanswered).toBe('ECONNRESET');
});

test('slowBody and slowAnswer: the call succeeds, later', async () => {
  emulator.faults.inject({ kind: 'slowBody', milliseconds: 20 });
  emulator.faults.inject({ kind: 'slowAnswer', milliseconds: 20 });
  expect([await upload(emulator, [row]), await upload(emulator, [row])]).toEqual(['204', '204']);
  expect(emulator.faults.fired()).toEqual({ slowBody: 1, slowAnswer: 1 });
});

test('slowAnswer stores at once: rows are stored although the client got no answer', async () => {
  emulator.faults.inject({ kind: 'slowAnswer', milliseconds: 3_600_000 });
  const unanswered = upload(emulator, [row]);
  await until(() => emulator.statistics().stored[ruleId] !== undefined);
  await emulator.stop();
  expect(await unanswered).toBe('ECONNRESET');
  expect(await storedRows(emulator)).toEqual(['{"Small":1}']);
});

test('the rows of a client that does not wait for a slow answer are stored, and stop does not wait', async () => {
  emulator.faults.inject({ kind: 'slowAnswer', milliseconds: 200 });
  const abort = new AbortController();
  const given = clientOf(emulator).upload(ruleId, stream, [row], { abortSignal: abort.signal });
  const outcome = expect(given).rejects.toThrow();
  await until(() => emulator.statistics().stored[ruleId] !== undefined);
  abort.abort();
  await outcome;
  await until(() => emulator.statistics().byStatus['aborted'] === 1);
  await emulator.stop();
  expect(await storedRows(emulator)).toEqual(['{"Small":1}']);
});

test.each([
  [400, 'InvalidPayload'],
  [401, 'InvalidToken'],
  [403, 'OperationFailed'],
  [404, 'NotFound'],
  [413, 'ContentLengthLimitExceeded'],
  [429, 'TooManyRequests'],
  [500, 'InternalServerError'],
  [503, 'EmulatorFault'],
])(holds('a fault of status %d without code has the code %s', 'ingestion.any-status'), async (status, code) => {
  emulator.faults.inject({ kind: 'status', status });
  expect(await upload(emulator, [row])).toBe(`${status} ${code}`);
});

test('the SDK client retries and delivers its rows', async () => {
  emulator.faults.inject({ kind: 'reset' });
  await clientOf(emulator, 'good', 1).upload(ruleId, stream, [row]);
  expect(await storedRows(emulator)).toEqual(['{"Small":1}']);
});

test('a client that disconnects during its body is counted and stores nothing', async () => {
  const sent = post(emulator, '[{"Small":1}]', { headers: { 'content-length': '1000' }, abandon: true });
  await expect(sent).rejects.toThrow();
  await until(() => emulator.statistics().byStatus['aborted'] === 1);
  expect(await storedRows(emulator)).toEqual([]);
});

async function outcomesOf(seed: number): Promise<string[]> {
  const own = await start();
  own.faults.inject({ kind: 'status', status: 503, probability: 0.3, seed });
  own.faults.inject({ kind: 'reset', probability: 0.3, seed: seed + 1 });
  const outcomes: string[] = [];
  for (let call = 0; call < 25; call++) {
    outcomes.push(
      await post(own, '[]').then(
        ({ outcome }) => outcome,
        (error: Error) => error.message,
      ),
    );
  }
  await own.stop();
  return outcomes;
}

test('faults with a probability meet the same calls for the same seed', async () => {
  const [first, second, other] = [await outcomesOf(7), await outcomesOf(7), await outcomesOf(8)];
  expect(second).toEqual(first);
  expect(other).not.toEqual(first);
  expect(new Set(first)).toEqual(new Set(['204', '503 EmulatorFault', 'socket hang up']));
});
