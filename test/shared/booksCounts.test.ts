import { addTallies, Books, type Tally } from '../../shared/books';

const oneEach: Tally = {
  messages: 1,
  bytesIn: 2,
  received: 3,
  recordsRepaired: 4,
  sent: 5,
  skipped: 6,
  dropped: 7,
  merged: 8,
  duplicates: 9,
  deadLettered: 10,
  bytesOut: 11,
  bytesSent: 12,
  skippedByTable: { a: 1 },
  droppedByRule: { a: 2 },
  deadLetteredByReason: { a: 3 },
  newInSchema: { a: 4 },
  unreadableByColumn: { a: 5 },
  countedByRule: { a: 6 },
  ruleErrorsByRule: { a: 7 },
};

test('the sum of two tallies adds every number and every count by name', () => {
  expect(addTallies(oneEach, oneEach)).toEqual({
    messages: 2,
    bytesIn: 4,
    received: 6,
    recordsRepaired: 8,
    sent: 10,
    skipped: 12,
    dropped: 14,
    merged: 16,
    duplicates: 18,
    deadLettered: 20,
    bytesOut: 22,
    bytesSent: 24,
    skippedByTable: { a: 2 },
    droppedByRule: { a: 4 },
    deadLetteredByReason: { a: 6 },
    newInSchema: { a: 8 },
    unreadableByColumn: { a: 10 },
    countedByRule: { a: 12 },
    ruleErrorsByRule: { a: 14 },
  });
});

test('the sum of two tallies keeps the names of both', () => {
  const other = { ...oneEach, skippedByTable: { b: 7 } };
  expect(addTallies(oneEach, other).skippedByTable).toEqual({ a: 1, b: 7 });
});

test('a tally counts messages, bytes, repaired records and unreadable columns', () => {
  const books = new Books();
  books.message(100);
  books.message(20);
  for (let i = 0; i < 3; i++) books.received();
  books.repaired();
  books.repaired();
  books.chunks(500, 50);
  books.chunks(1, 1);
  books.unreadable('LocalPort');
  expect(books.tally()).toMatchObject({
    messages: 2,
    bytesIn: 120,
    received: 3,
    recordsRepaired: 2,
    bytesOut: 501,
    bytesSent: 51,
    unreadableByColumn: { LocalPort: 1 },
  });
});

describe('records that are counted', () => {
  test('are one if nothing else is known of them', () => {
    const books = new Books();
    books.count('duplicates');
    expect(books.tally()).toMatchObject({ duplicates: 1, sent: 0, skipped: 0, merged: 0 });
    expect(books.lines()).toEqual([{ state: 'duplicates', reason: '', table: '', records: 1 }]);
  });

  test('have the name of their reason in the tally, and that of their table only without a reason', () => {
    const books = new Books();
    books.count('deadLettered', { table: 'DeviceEvents', reason: 'InvalidJson', records: 2 });
    books.count('deadLettered', { table: 'DeviceEvents' });
    books.count('deadLettered');
    expect(books.tally()).toMatchObject({
      deadLettered: 4,
      deadLetteredByReason: { InvalidJson: 2, DeviceEvents: 1, '': 1 },
    });
  });
});

describe('the lines of the books', () => {
  test('add up records of the same state, reason and table, and keep others apart', () => {
    const books = new Books();
    books.count('deadLettered', { table: 'DeviceNetworkEvents', reason: 'BadTimestamp', records: 2 });
    books.count('deadLettered', { table: 'DeviceNetworkEvents', reason: 'BadTimestamp' });
    books.count('deadLettered', { table: 'DeviceEvents', reason: 'BadTimestamp' });
    books.count('deadLettered', { reason: 'BadTimestamp' });
    books.count('deadLettered', { table: 'DeviceEvents', reason: 'InvalidJson' });
    expect(books.lines()).toEqual([
      { state: 'deadLettered', reason: 'BadTimestamp', table: 'DeviceNetworkEvents', records: 3 },
      { state: 'deadLettered', reason: 'BadTimestamp', table: 'DeviceEvents', records: 1 },
      { state: 'deadLettered', reason: 'BadTimestamp', table: '', records: 1 },
      { state: 'deadLettered', reason: 'InvalidJson', table: 'DeviceEvents', records: 1 },
    ]);
  });

  test('keep one state of a table apart from another', () => {
    const books = new Books();
    books.count('sent', { table: 'DeviceEvents', records: 2 });
    books.count('duplicates', { table: 'DeviceEvents' });
    books.count('sent', { table: 'DeviceEvents' });
    expect(books.lines()).toEqual([
      { state: 'sent', reason: '', table: 'DeviceEvents', records: 3 },
      { state: 'duplicates', reason: '', table: 'DeviceEvents', records: 1 },
    ]);
  });
});
