import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { ExportQueue } from '../../../shared/telemetry/exportQueue';
import { NotAccepted } from '../../../shared/telemetry/responsePolicy';
import { TelemetryErrors } from '../../../shared/telemetry/telemetryErrors';

type Answer = 'taken' | 'throws' | 'rejects' | number | undefined;

/** An exporter that answers as told, call after call; taken from then on. */
function setUp(answers: Answer[], most = 10) {
  const taken: string[] = [];
  const lines: string[] = [];
  const exporter = {
    export(items: string, done: (result: ExportResult) => void): void | Promise<void> {
      const answer = answers.length > 0 ? answers.shift() : 'taken';
      if (answer === 'throws') throw new Error('thrown');
      if (answer === 'rejects') return Promise.reject(new Error('rejected'));
      if (answer === 'taken') {
        taken.push(items);
        done({ code: ExportResultCode.SUCCESS });
      } else {
        const error = new NotAccepted(`status ${answer}`, answer);
        done({ code: ExportResultCode.FAILED, error });
      }
    },
  };
  const queue = new ExportQueue<string>(exporter, new TelemetryErrors((line) => lines.push(line)), most);
  const send = (items: string) => new Promise<ExportResult>((done) => void queue.export(items, done));
  return { queue, send, taken, lines };
}

test('what was not taken is sent before the next export, in its order', async () => {
  const { send, taken } = setUp([503, 429]);
  await send('a');
  await send('b');
  expect(taken).toEqual([]);
  await send('c');
  expect(taken).toEqual(['a', 'b', 'c']);
});

test.each(['throws', 'rejects', 401, 403, 404, 408, 429, 439, 500, 503, undefined] as const)(
  'an exporter that answers %p is asked again, and nothing is thrown',
  async (answer) => {
    const { send, queue, taken } = setUp([answer]);
    expect(await send('a')).toEqual({ code: ExportResultCode.SUCCESS });
    expect(await queue.send()).toBe(true);
    expect(taken).toEqual(['a']);
  },
);

test.each([400, 402, 413])(
  'telemetry that is refused with %p is given up, told, and does not stop the rest',
  async (answer) => {
    const { send, taken, lines } = setUp([answer]);
    await send('a');
    await send('b');
    expect(taken).toEqual(['b']);
    expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'TelemetryLost' }]);
  },
);

test('so many exports wait at most; the oldest is given up and told', async () => {
  const { send, queue, taken, lines } = setUp([503, 503, 503], 2);
  await send('a');
  await send('b');
  await send('c');
  await queue.send();
  expect(taken).toEqual(['b', 'c']);
  expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ code: 'TelemetryLost' }]);
});

test('the same trouble is told once an hour, with how often it was left out', () => {
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
