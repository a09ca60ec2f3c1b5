import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { addTallies, Books } from '../../shared/books';
import { BoundedNames } from '../../shared/boundedNames';
import { deliveryError } from '../../shared/delivery/failedCall';
import { shortened } from '../../shared/shortened';

const million = 1_000_000;

/** Megabytes that are still reachable; what one collection finalises, the next one frees. */
function reachable(): number {
  setFlagsFromString('--expose-gc');
  for (let i = 0; i < 3; i++) runInNewContext('gc()');
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1e6;
}

/** A text that nothing else holds: `number`, then a million characters. */
const longName = (number: number, more = ''): string => Buffer.alloc(million, `name ${number} ${more}`).toString();

/** Megabytes that stay while what `keep` gives is held. */
function keptBy(keep: () => unknown): number {
  const before = reachable();
  const kept = keep();
  const after = reachable();
  // Used after the measurement, so that it is alive at it.
  expect(kept).toBeDefined();
  return after - before;
}

describe('a long name from outside is not kept in memory whole', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => i);

  test.each<[string, () => unknown]>([
    [
      'as a dimension of the metrics',
      () => {
        const names = new BoundedNames();
        return [names, hundred.map((i) => names.of(longName(i)))];
      },
    ],
    [
      'as part of a longer text, short itself',
      () => {
        const names = new BoundedNames();
        return [names, hundred.map((i) => names.of(longName(i).slice(0, 60)))];
      },
    ],
    [
      'with characters that take two bytes',
      () => {
        const names = new BoundedNames();
        return [names, hundred.map((i) => names.of(longName(i, 'ä€')))];
      },
    ],
    [
      'in the books of a batch',
      () => {
        const books = new Books();
        for (const i of hundred) {
          books.count('skipped', { table: longName(i) });
          books.newInSchema({ kind: 'column', name: longName(i) });
          books.count('deadLettered', { table: longName(i), reason: longName(i) });
        }
        return books;
      },
    ],
    [
      'in the sum of many books',
      () =>
        hundred.reduce((sum, i) => {
          const books = new Books();
          books.count('skipped', { table: longName(i).slice(0, 100) });
          return addTallies(sum, books.tally());
        }, new Books().tally()),
    ],
    [
      'in the error of a held batch',
      () =>
        hundred.map((i) =>
          deliveryError({
            target: { endpoint: 'https://a.example', dcrId: 'dcr-1', stream: 'Custom-A' },
            timeoutSeconds: 1,
            status: 400,
            body: JSON.stringify({ error: { code: longName(i), message: longName(i) } }),
          }),
        ),
    ],
  ])('%s', (_, keep) => {
    expect(keptBy(keep)).toBeLessThan(20);
  });
});

test('a name is counted under its first 128 characters, and names past the hundredth together', () => {
  const books = new Books();
  const names = new BoundedNames();
  for (let i = 0; i < 150; i++) {
    books.count('skipped', { table: `name ${i}` });
    names.of(`name ${i}`);
  }
  books.count('skipped', { table: 'name 3' });
  books.count('skipped', { table: `${'x'.repeat(128)}1` });
  const { skipped, skippedByTable } = books.tally();
  expect(skipped).toBe(152);
  expect(skippedByTable).toMatchObject({ 'name 0': 1, 'name 3': 2, 'name 99': 1, '(other)': 51 });
  expect([names.of('name 99'), names.of('name 149'), names.of('')]).toEqual(['name 99', '(other)', '']);
});

test('names with the same first 128 characters are one', () => {
  const books = new Books();
  const names = new BoundedNames();
  const long = 'x'.repeat(128);
  for (const end of ['', '1', '2']) {
    books.count('skipped', { table: `${long}${end}` });
    expect(names.of(`${long}${end}`)).toBe(long);
  }
  expect(books.tally().skippedByTable).toEqual({ [long]: 3 });
});

test('a shortened text is the beginning of the text, well formed', () => {
  expect(shortened('abc', 2)).toBe('ab');
  expect(shortened('a😀', 2)).toBe('a�');
  expect(shortened('😀', 2)).toBe('😀');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, most) => {
      expect(shortened(text, most)).toBe(text.slice(0, most).toWellFormed());
    }),
  );
});
