import { Books } from '../../../shared/books';
import { Partitions } from '../../../shared/telemetry/partitions';
import { Recorder } from '../../../shared/telemetry/recorder';
import type { Signals } from '../../../shared/telemetry/signals';
import { batchOf } from '../kit/batches';

interface Added {
  readonly metric: string;
  readonly value: number;
  readonly attributes: object;
}

/** What is added to the metrics of savings by a batch that is settled, or held, with these books. */
function addedBy(books: Books, isSettled: boolean): Added[] {
  const added: Added[] = [];
  const signals: Signals = {
    add: (metric, value, attributes) => void added.push({ metric, value, attributes }),
    measure: () => undefined,
    observe: () => undefined,
    log: () => undefined,
    startSpan: () => ({ set: () => undefined, fail: () => undefined, end: () => undefined }),
  };
  const recorder = new Recorder('$Default', new Partitions());
  recorder.attach(signals);
  const recording = recorder.begin(batchOf([]));
  if (isSettled) recording.settled(books, []);
  recording.ended(isSettled ? undefined : new Error('held'));
  return added.filter(({ metric }) => metric === 'rowsSaved' || metric === 'bytesSaved');
}

function someBooks(): Books {
  const books = new Books();
  books.saved({ lever: 'DROP_RULES_FILE', name: 'loopback', rows: 2, bytes: 1800 });
  books.saved({ lever: 'OMIT_COLUMNS', name: '', rows: 0, bytes: 700 });
  return books;
}

test('rows and bytes saved are counted by hub, lever and name; a lever that only makes rows smaller counts no row', () => {
  const rule = { 'messaging.destination.name': 'hub', lever: 'DROP_RULES_FILE', name: 'loopback' };
  expect(addedBy(someBooks(), true)).toEqual([
    { metric: 'rowsSaved', value: 2, attributes: rule },
    { metric: 'bytesSaved', value: 1800, attributes: rule },
    {
      metric: 'bytesSaved',
      value: 700,
      attributes: { 'messaging.destination.name': 'hub', lever: 'OMIT_COLUMNS', name: '' },
    },
  ]);
});

test('a batch that is held counts nothing as saved', () => {
  expect(addedBy(someBooks(), false)).toEqual([]);
});
