import * as fc from 'fast-check';
import { addTallies, Books, balances, type State, states, type Tally } from '../../shared/books';
import { anyText } from './kit/valueKit';

const name = fc.oneof(fc.constantFrom('DeviceInfo', 'a', 'b', '__proto__', 'constructor', '(other)'), anyText);

/** What may happen to one record. */
type Fate = readonly [State, string];
const fates: fc.Arbitrary<Fate[]> = fc.array(fc.tuple(fc.constantFrom(...states), name), { maxLength: 30 });

function tallyOf(records: readonly Fate[]): Tally {
  const books = new Books();
  for (const [fate, key] of records) {
    books.message(10);
    books.received();
    books.count(fate, { reason: key });
    if (fate === 'sent') {
      books.chunks(100, 20);
      books.newInSchema({ kind: 'column', name: key });
    }
    if (fate === 'deadLettered') books.unreadable(key);
  }
  return books.tally();
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

const byName = [
  'skippedByTable',
  'droppedByRule',
  'deadLetteredByReason',
  'newInSchema',
  'unreadableByColumn',
] as const;

describe('balances', () => {
  test('is true when every record received is in one state', () => {
    fc.assert(
      fc.property(fates, (records) => {
        const tally = tallyOf(records);
        expect(balances(tally)).toBe(true);
        expect([tally.messages, tally.received, tally.bytesIn]).toEqual([
          records.length,
          records.length,
          records.length * 10,
        ]);
      }),
    );
  });

  const good: Tally = {
    messages: 1,
    bytesIn: 1,
    received: 21,
    recordsRepaired: 0,
    sent: 1,
    skipped: 2,
    dropped: 3,
    merged: 4,
    duplicates: 5,
    deadLettered: 6,
    bytesOut: 1,
    bytesSent: 1,
    skippedByTable: { a: 1, b: 1 },
    droppedByRule: { a: 3 },
    deadLetteredByReason: { a: 1, b: 5 },
    newInSchema: { x: 100 },
    unreadableByColumn: { y: 100 },
    countedByRule: {},
    ruleErrorsByRule: {},
  };

  test('is true for books written by hand', () => {
    expect(balances(good)).toBe(true);
  });

  test.each(['received', ...states] as const)('is false when %s is one off', (state) => {
    for (const by of [-1, 1]) {
      expect(balances({ ...good, [state]: good[state] + by })).toBe(false);
    }
  });

  test.each([
    ['skippedByTable', { a: 1 }],
    ['droppedByRule', { a: 4 }],
    ['droppedByRule', {}],
    ['deadLetteredByReason', { a: 6, b: 1 }],
  ])('is false when %s does not add up: %p', (key, counts) => {
    expect(balances({ ...good, [key]: counts })).toBe(false);
  });

  test('is false when one state has one record too many and another one too few', () => {
    expect(balances({ ...good, skipped: 3, dropped: 2 })).toBe(false);
  });

  test('is false when a number is NaN', () => {
    expect(balances({ ...good, received: Number.NaN })).toBe(false);
  });
});

describe('what is new in the schema', () => {
  test('is counted by kind and name, which the tally says in words', () => {
    const books = new Books();
    books.newInSchema({ kind: 'actionType', name: 'Teleported' });
    books.newInSchema({ kind: 'envelopeField', name: '_New' });
    books.newInSchema({ kind: 'column', name: 'action type X' });
    books.newInSchema({ kind: 'actionType', name: 'Teleported' });
    expect(books.news()).toEqual([
      { kind: 'actionType', name: 'Teleported', records: 2 },
      { kind: 'envelopeField', name: '_New', records: 1 },
      { kind: 'column', name: 'action type X', records: 1 },
    ]);
    expect(books.tally().newInSchema).toEqual({
      'action type Teleported': 2,
      'envelope field _New': 1,
      'column action type X': 1,
    });
  });

  test('counts together past the hundredth name', () => {
    const books = new Books();
    for (let i = 0; i < 103; i++) books.newInSchema({ kind: 'actionType', name: `New${i}` });
    expect(books.news()).toHaveLength(101);
    expect(books.news().at(-1)).toEqual({ kind: 'column', name: '(other)', records: 3 });
  });
});

describe('addTallies', () => {
  test('has the counts of one batch with the records of both', () => {
    fc.assert(
      fc.property(fates, fates, (first, second) => {
        expect(addTallies(tallyOf(first), tallyOf(second))).toEqual(tallyOf([...first, ...second]));
      }),
    );
  });

  test('does not depend on how the batches are grouped', () => {
    fc.assert(
      fc.property(fates, fates, fates, (a, b, c) => {
        const [x, y, z] = [tallyOf(a), tallyOf(b), tallyOf(c)];
        expect(addTallies(addTallies(x, y), z)).toEqual(addTallies(x, addTallies(y, z)));
      }),
    );
  });

  test('with an empty tally changes nothing, and balances where both do', () => {
    fc.assert(
      fc.property(fates, (records) => {
        const tally = tallyOf(records);
        const empty = new Books().tally();
        expect([addTallies(tally, empty), addTallies(empty, tally)]).toEqual([tally, tally]);
        expect(balances(addTallies(tally, tally))).toBe(true);
      }),
    );
  });
});

describe('names from outside', () => {
  const many = Array.from({ length: 1000 }, (_, i): Fate => ['skipped', `${i}${'x'.repeat(10_000)}`]);

  test('are bounded in number and length, and every count is kept', () => {
    const tally = tallyOf([...many, ...many]);
    expect(Object.keys(tally.skippedByTable).length).toBeLessThanOrEqual(101);
    expect(Math.max(...Object.keys(tally.skippedByTable).map(({ length }) => length))).toBeLessThanOrEqual(128);
    expect([tally.skipped, total(tally.skippedByTable), tally.skippedByTable['(other)']]).toEqual([2000, 2000, 1800]);
    expect(balances(tally)).toBe(true);
  });

  test('stay bounded when tallies are added', () => {
    const others = many.map(([fate, key]): Fate => [fate, `other ${key}`]);
    const sum = addTallies(addTallies(tallyOf(many), tallyOf(others)), tallyOf(many.toReversed()));
    expect(Object.keys(sum.skippedByTable).length).toBeLessThanOrEqual(101);
    expect([sum.skipped, balances(sum)]).toEqual([3000, true]);
  });

  test('may be anything: all of them are well-formed text and none touches a prototype', () => {
    fc.assert(
      fc.property(fates, (records) => {
        const tally = tallyOf(records);
        for (const key of byName) {
          expect(Object.getPrototypeOf(tally[key])).toBe(Object.prototype);
          expect(Object.keys(tally[key]).every((counted) => counted.isWellFormed())).toBe(true);
        }
      }),
    );
    expect(Object.entries(tallyOf([['skipped', '__proto__']]).skippedByTable)).toEqual([['__proto__', 1]]);
  });
});
