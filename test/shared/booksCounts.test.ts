import { addTallies, Books, balances, type Tally } from '../../shared/books';
import type { Saving } from '../../shared/savings';

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
  rowsSavedByLever: { a: 8 },
  bytesSavedByLever: { a: 9 },
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
    rowsSavedByLever: { a: 16 },
    bytesSavedByLever: { a: 18 },
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

function saving(rule: string, rows: number, bytes: number): Saving {
  return { lever: 'DROP_RULES_FILE', name: rule, rows, bytes };
}

describe('what is saved', () => {
  test('is added up by lever and name, rows and bytes alike', () => {
    const books = new Books();
    books.saved(saving('loopback', 1, 900));
    books.saved(saving('multicast', 1, 700));
    books.saved(saving('loopback', 1, 100));
    books.saved({ lever: 'MERGE_FLOWS', name: 'message', rows: 4, bytes: 3000 });
    const { rowsSavedByLever, bytesSavedByLever } = books.tally();
    expect(rowsSavedByLever).toEqual({
      'DROP_RULES_FILE/loopback': 2,
      'DROP_RULES_FILE/multicast': 1,
      'MERGE_FLOWS/message': 4,
    });
    expect(bytesSavedByLever).toEqual({
      'DROP_RULES_FILE/loopback': 1000,
      'DROP_RULES_FILE/multicast': 700,
      'MERGE_FLOWS/message': 3000,
    });
    expect(books.savings()).toEqual([
      saving('loopback', 2, 1000),
      saving('multicast', 1, 700),
      { lever: 'MERGE_FLOWS', name: 'message', rows: 4, bytes: 3000 },
    ]);
  });

  test('is bytes alone where rows get smaller, under the lever where it has no name', () => {
    const books = new Books();
    books.saved({ lever: 'OMIT_COLUMNS', name: '', rows: 0, bytes: 50 });
    books.saved({ lever: 'ADDITIONAL_FIELDS', name: 'lean', rows: 0, bytes: 20 });
    books.saved({ lever: 'OMIT_ADDITIONAL_FIELDS', name: '', rows: 0, bytes: 0 });
    expect(books.tally()).toMatchObject({
      rowsSavedByLever: {},
      bytesSavedByLever: { OMIT_COLUMNS: 50, 'ADDITIONAL_FIELDS/lean': 20 },
    });
  });

  test('changes no state of a record: the books balance with and without it', () => {
    const books = new Books();
    books.received();
    books.saved(saving('loopback', 1, 900));
    books.count('dropped', { reason: 'loopback' });
    expect(balances(books.tally())).toBe(true);
    expect(books.tally()).toMatchObject({ received: 1, dropped: 1, sent: 0 });
  });

  test('has at most a hundred names and (other), of at most 128 characters', () => {
    const books = new Books();
    for (let rule = 0; rule < 150; rule++) books.saved(saving(`${rule}${'x'.repeat(200)}`, 1, 10));
    const savings = books.savings();
    expect(savings).toHaveLength(101);
    expect(Math.max(...savings.map(({ name }) => name.length))).toBe(128);
    expect(savings.at(-1)).toEqual(saving('(other)', 50, 500));
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
