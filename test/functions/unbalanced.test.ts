import { InvocationContext, type LogLevel } from '@azure/functions';
import { createHandler } from '../../functions/networkSessions';
import type * as deliverModule from '../../shared/delivery/deliver';
import { isObject, type Json, parseJson } from '../../shared/json';
import { Partitions } from '../../shared/telemetry/partitions';
import { Recorder } from '../../shared/telemetry/recorder';
import type { Signals, Span } from '../../shared/telemetry/signals';
import type * as transformBatchModule from '../../shared/transformBatch';
import { message, pipelineOf, recordOf } from '../shared/kit/batches';
import { MemoryDeadLetters, MemorySender } from '../shared/kit/doubles';

/** Each makes one record disappear, as a bug in the product would. */
type Fault = 'none' | 'a row is not sent' | 'a row is forgotten by the transform' | 'a record is counted twice';
const planted: { fault: Fault } = { fault: 'none' };

jest.mock('../../shared/delivery/deliver', () => {
  const real = jest.requireActual<typeof deliverModule>('../../shared/delivery/deliver');
  return {
    deliver: (...[rows, route]: Parameters<typeof real.deliver>) =>
      real.deliver(planted.fault === 'a row is not sent' ? rows.slice(1) : rows, route),
  };
});

jest.mock('../../shared/transformBatch', () => {
  const real = jest.requireActual<typeof transformBatchModule>('../../shared/transformBatch');
  return {
    ...real,
    transformBatch: async (...[batch, settings, books, options]: Parameters<typeof real.transformBatch>) => {
      const { rows, letters } = await real.transformBatch(batch, settings, books, options);
      if (planted.fault === 'a record is counted twice') books.count('duplicates');
      return { rows: planted.fault === 'a row is forgotten by the transform' ? rows.slice(1) : rows, letters };
    },
  };
});

/** Keeps what is counted, by metric. */
class Counters implements Signals {
  readonly counted: [string, number, unknown][] = [];
  readonly add: Signals['add'] = (metric, value, attributes) => void this.counted.push([metric, value, attributes]);
  readonly measure = (): void => undefined;
  readonly observe = (): void => undefined;
  readonly log = (): void => undefined;
  readonly startSpan = (): Span => ({ set: () => undefined, fail: () => undefined, end: () => undefined });
}

const bodies = [
  message(recordOf(1), recordOf(2), recordOf(3, { Timestamp: 'never' })),
  message(recordOf(4), { category: 'AdvancedHunting-DeviceInfo', properties: {} }),
];

async function settle(fault: Fault) {
  planted.fault = fault;
  const lines: { level: LogLevel; line: Json }[] = [];
  const context = new InvocationContext({
    logHandler: (level, text: unknown) => lines.push({ level, line: parseJson(String(text)) }),
  });
  context.triggerMetadata = {
    partitionContext: { eventHubName: 'hub', partitionId: '3' },
    systemPropertiesArray: [{ sequenceNumber: 12 }, { sequenceNumber: 13 }],
  };
  const counters = new Counters();
  const recorder = new Recorder('group', new Partitions());
  recorder.attach(counters);
  const [sender, deadLetters] = [new MemorySender(), new MemoryDeadLetters()];
  const handler = createHandler(pipelineOf(sender, deadLetters), { recorder, ready: () => Promise.resolve() });
  await handler(bodies, context);
  const errors = lines.flatMap(({ level, line }) => (level === 'error' && isObject(line) ? [line] : []));
  const off = counters.counted.filter(([metric]) => metric === 'booksOff');
  return { errors, off, stored: sender.stored.length, letters: deadLetters.letters.length, lines: lines.length };
}

test.each<[Fault, number, number]>([
  ['a row is not sent', 2, 4],
  ['a row is forgotten by the transform', 2, 4],
  ['a record is counted twice', 3, 6],
])('a batch whose books do not balance is settled, logged as an error and counted: %s', async (fault, stored, sum) => {
  const settled = await settle(fault);
  expect(settled).toMatchObject({ stored, letters: 1, lines: 2 });
  expect(settled.errors).toMatchObject([
    {
      event: 'BooksDoNotBalance',
      code: 'BooksDoNotBalance',
      hub: 'hub',
      partition: '3',
      sequenceNumbers: ['12', '13'],
      received: 5,
      accountedFor: sum,
      runbook: 'docs/runbook.md#booksdonotbalance',
    },
  ]);
  const partition = { 'messaging.destination.name': 'hub', 'messaging.destination.partition.id': '3' };
  expect(settled.off).toEqual([['booksOff', 1, partition]]);
});

test('a batch whose books balance leaves no error and no count', async () => {
  expect(await settle('none')).toEqual({ errors: [], off: [], stored: 3, letters: 1, lines: 1 });
});
