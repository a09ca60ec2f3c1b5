import type { NonEmpty, Random } from '../random';
import { keys, quoted } from './values';

/**
 * Hostile values whose size is the point, as JSON text: up to 250 KB, so that no three columns made from one of them
 * exceed what one call to the service takes.
 */

/** What a text repeats: one to four bytes of UTF-8, one to six of JSON. */
const repeated: NonEmpty<string> = [
  'a',
  '.',
  ' ',
  '\u20ac',
  '\u{1f600}',
  '\\u0000',
  '\\ud800',
  '\\"',
  '\\\\',
  '9',
  '@',
  '?',
  '%',
  '/',
];

const mostRepeats = 70_000;
const mostBytes = 250_000;

export function monster(random: Random): string {
  switch (random.below(6)) {
    case 0:
      return deep(random);
    case 1:
      return wide(random);
    case 2:
      return textOfJson(random);
    default:
      return longText(random);
  }
}

/** A string around the sizes at which the service and this product start to cut. */
function longText(random: Random): string {
  const unit = random.pick(repeated);
  const most = Math.min(mostRepeats, Math.floor(mostBytes / Buffer.byteLength(unit)));
  const start = random.pick(['', 'https://a.example/', 'host.', '{', 'S-1-5-21-', '2026-11-21T08:15:28.']);
  return `"${start}${unit.repeat(random.between(9000, most))}"`;
}

/** Nesting just around where this product cuts, and far past it. */
function deep(random: Random): string {
  const depth = random.oneIn(8) ? random.between(1000, 20_000) : random.between(28, 40);
  const [opening, closing] = random.pick<readonly [string, string]>([
    ['[', ']'],
    ['{"a":', '}'],
    ['[{"__proto__":', '}]'],
    ['[null,', ']'],
  ]);
  return `${opening.repeat(depth)}"\\ud800"${closing.repeat(depth)}`;
}

/** A list or an object of many small values. */
function wide(random: Random): string {
  const count = random.between(1000, 8000);
  const value = random.pick(['null', '0', '9007199254740993', '"-"', '{}', '"\\ud800"']);
  if (random.oneIn(2)) return `[${`${value},`.repeat(count)}${value}]`;
  const key = random.pick(keys).slice(1, -1);
  return `{${Array.from({ length: count }, (_, i) => `"${key}${i}":${value}`).join(',')}}`;
}

/** JSON in a string, large or deep, perhaps cut off. */
function textOfJson(random: Random): string {
  const inner = random.oneIn(2) ? deep(random) : wide(random);
  return quoted(random.oneIn(4) ? inner.slice(0, -1) : inner);
}
