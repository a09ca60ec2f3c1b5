import { Books } from '../../../shared/books';
import { Partitions } from '../../../shared/telemetry/partitions';
import { Recorder } from '../../../shared/telemetry/recorder';
import type { Signals } from '../../../shared/telemetry/signals';

test('drop rules are counted by name: what they drop, what they count, their errors, and that they are switched off', () => {
  const added: unknown[] = [];
  const span = { set: () => undefined, fail: () => undefined, end: () => undefined };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what is called of it.
  const signals = {
    startSpan: () => span,
    add: (key: string, value: number, attributes: object) => added.push([key, value, attributes]),
    measure: () => undefined,
    observe: () => undefined,
  } as unknown as Signals;
  const recorder = new Recorder('$Default', new Partitions());
  recorder.attach(signals);
  const books = new Books();
  books.message(10);
  for (let i = 0; i < 2; i++) books.received();
  books.ruled({ countedBy: ['dry'], failedIn: ['bad'] });
  books.count('dropped', { table: 'DeviceNetworkEvents', reason: 'wet' });
  books.count('sent', { table: 'DeviceNetworkEvents' });
  recorder.begin({ hub: 'h', partition: '0', messages: [] }).settled(books, []);
  recorder.ruleSwitchedOff('slow');
  expect(added).toEqual(
    expect.arrayContaining([
      ['rulesCounted', 1, { name: 'dry' }],
      ['ruleErrors', 1, { name: 'bad' }],
      ['rulesOff', 1, { name: 'slow' }],
      [
        'recordsSettled',
        1,
        { 'messaging.destination.name': 'h', state: 'dropped', reason: 'wet', table: 'DeviceNetworkEvents' },
      ],
    ]),
  );
});
