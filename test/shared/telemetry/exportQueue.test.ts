import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { ExportQueue } from '../../../shared/telemetry/exportQueue';
import { NotAccepted } from '../../../shared/telemetry/responsePolicy';
import { TelemetryErrors } from '../../../shared/telemetry/telemetryErrors';

type Result = 'accepted' | 'throws' | 'rejects' | number | undefined;

/** An exporter with these results, call after call; then it accepts everything. */
function setUp(results: Result[], most = 10) {
  const accepted: string[] = [];
  const lines: string[] = [];
  const exporter = {
    export(items: string, done: (result: ExportResult) => void): void | Promise<void> {
      const result = results.length > 0 ? results.shift() : 'accepted';
      if (result === 'throws') throw new Error('thrown');
      if (result === 'rejects') return Promise.reject(new Error('rejected'));
      if (result === 'accepted') {
        accepted.push(items);
        done({ code: ExportResultCode.SUCCESS });
      } else {
        const error = new NotAccepted(`status ${result}`, result);
        done({ code: ExportResultCode.FAILED, error });
      }
    },
  };
  const queue = new ExportQueue<string>(exporter, new TelemetryErrors((line) => lines.push(line)), most);
  const send = (items: string) => new Promise<ExportResult>((done) => void queue.export(items, done));
  return { queue, send, accepted, lines };
}

test('exports that were not accepted are sent before the next one, in order', async () => {
  const { send, accepted } = setUp([503, 429]);
  await send('a');
  await send('b');
  expect(accepted).toEqual([]);
  await send('c');
  expect(accepted).toEqual(['a', 'b', 'c']);
});

test.each(['throws', 'rejects', 401, 403, 404, 408, 429, 439, 500, 503, undefined] as const)(
  'an export that ends with %p is sent again, and nothing is thrown',
  async (result) => {
    const { send, queue, accepted } = setUp([result]);
    expect(await send('a')).toEqual({ code: ExportResultCode.SUCCESS });
    expect(await queue.send()).toBe(true);
    expect(accepted).toEqual(['a']);
  },
);

test.each([400, 402, 413])(
  'an export that is rejected with %p is dropped and logged, and does not stop the next one',
  async (result) => {
    const { send, accepted, lines } = setUp([result]);
    await send('a');
    await send('b');
    expect(accepted).toEqual(['b']);
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'TelemetryLost' }]);
  },
);

test('of too many waiting exports the oldest is dropped and logged', async () => {
  const { send, queue, accepted, lines } = setUp([503, 503, 503], 2);
  await send('a');
  await send('b');
  await send('c');
  await queue.send();
  expect(accepted).toEqual(['b', 'c']);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'TelemetryLost' }]);
});

test('the same error is logged once an hour, with how often it was left out', () => {
  let now = 0;
  const lines: string[] = [];
  const errors = new TelemetryErrors(
    (line) => lines.push(line),
    () => now,
  );
  for (let i = 0; i < 5; i++) errors.report('TelemetryNotSent', 'down');
  errors.report('BacklogUnknown', 'no answer');
  now = 60 * 60_000;
  errors.report('TelemetryNotSent', 'down');
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
    { event: 'TelemetryTrouble', code: 'TelemetryNotSent', message: 'down', leftOut: 0 },
    { code: 'BacklogUnknown' },
    { code: 'TelemetryNotSent', leftOut: 4, runbook: 'docs/runbook.md#telemetrynotsent' },
  ]);
});
