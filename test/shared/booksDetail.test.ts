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
  });
});

test('the sum of two tallies keeps the names of both', () => {
  const other = { ...oneEach, skippedByTable: { b: 7 } };
  expect(addTallies(oneEach, other).skippedByTable).toEqual({ a: 1, b: 7 });
});

test('a tally counts messages, bytes, repaired records, duplicates, unreadable columns and news', () => {
  const books = new Books();
  books.message(100);
  books.message(20);
  for (let i = 0; i < 3; i++) books.received();
  books.repaired();
  books.repaired();
  books.sent(1, 500, 50);
  books.sent(0, 1, 1);
  books.duplicate();
  books.deadLettered('InvalidJson', 2);
  books.unreadable('LocalPort');
  books.newInSchema('column WarpFactor');
  expect(books.tally()).toMatchObject({
    messages: 2,
    bytesIn: 120,
    received: 3,
    recordsRepaired: 2,
    sent: 1,
    bytesOut: 501,
    bytesSent: 51,
    duplicates: 1,
    deadLettered: 2,
    deadLetteredByReason: { InvalidJson: 2 },
    unreadableByColumn: { LocalPort: 1 },
    newInSchema: { 'column WarpFactor': 1 },
  });
});

describe('the lines of the books', () => {
  test('add up records of the same state, reason and table, and keep others apart', () => {
    const books = new Books();
    books.deadLettered('BadTimestamp', 6);
    books.detail('deadLettered', 'DeviceNetworkEvents', 'BadTimestamp', 2);
    books.detail('deadLettered', 'DeviceNetworkEvents', 'BadTimestamp');
    books.detail('deadLettered', 'DeviceEvents', 'BadTimestamp');
    books.detail('deadLettered', undefined, 'BadTimestamp');
    books.detail('deadLettered', 'DeviceEvents', 'InvalidJson');
    expect(books.lines()).toEqual([
      { state: 'deadLettered', reason: 'BadTimestamp', table: 'DeviceNetworkEvents', records: 3 },
      { state: 'deadLettered', reason: 'BadTimestamp', table: 'DeviceEvents', records: 1 },
      { state: 'deadLettered', reason: 'BadTimestamp', table: '', records: 1 },
      { state: 'deadLettered', reason: 'InvalidJson', table: 'DeviceEvents', records: 1 },
    ]);
  });

  test('keep a state apart from another with the same table, and need no reason', () => {
    const books = new Books();
    books.sent(1, 1, 1);
    books.duplicate();
    books.detail('sent', 'DeviceEvents');
    books.detail('duplicates', 'DeviceEvents');
    books.detail('sent', undefined);
    expect(books.lines()).toEqual([
      { state: 'sent', reason: '', table: 'DeviceEvents', records: 1 },
      { state: 'duplicates', reason: '', table: 'DeviceEvents', records: 1 },
      { state: 'sent', reason: '', table: '', records: 1 },
    ]);
  });

  test('end with one line for each state whose records came without detail, and with none where all have it', () => {
    const books = new Books();
    books.sent(5, 100, 10);
    books.skipped('DeviceInfo');
    books.duplicate();
    books.duplicate();
    books.detail('sent', 'DeviceEvents', '', 2);
    books.detail('skipped', 'DeviceInfo');
    expect(books.lines()).toEqual([
      { state: 'sent', reason: '', table: 'DeviceEvents', records: 2 },
      { state: 'skipped', reason: '', table: 'DeviceInfo', records: 1 },
      { state: 'sent', reason: '', table: '', records: 3 },
      { state: 'duplicates', reason: '', table: '', records: 2 },
    ]);
  });
});

describe('a name from outside', () => {
  test('is counted by itself up to the hundredth; the next new one counts as (other), and known ones as before', () => {
    const books = new Books();
    for (let i = 0; i < 102; i++) books.skipped(`t${i}`);
    books.skipped('t99');
    const { skippedByTable } = books.tally();
    expect(Object.keys(skippedByTable)).toHaveLength(101);
    expect([skippedByTable['t0'], skippedByTable['t99'], skippedByTable['t100'], skippedByTable['(other)']]).toEqual([
      1,
      2,
      undefined,
      2,
    ]);
  });

  test('of 128 letters stays whole, and a longer one is shortened', () => {
    const books = new Books();
    books.skipped('x'.repeat(128));
    books.skipped('y'.repeat(129));
    const names = Object.keys(books.tally().skippedByTable);
    expect(names[0]).toBe('x'.repeat(128));
    expect(names[1]).not.toBe('y'.repeat(129));
    expect(names[1]?.length).toBeLessThanOrEqual(128);
  });
});
