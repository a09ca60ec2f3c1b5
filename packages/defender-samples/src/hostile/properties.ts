import type { Random } from '../random';
import { columns } from './columns';
import { detailColumns } from './details';
import type { NamedColumns } from './kinds';
import { monster } from './monsters';
import { hostileValue, keys, quoted } from './values';

/** One record in this many holds a value that is large or deep. */
const monsterInterval = 500;
const hostileInterval = 8;

/**
 * JSON of `properties`: any columns with any values. Those that decide what becomes of the record are given, and no
 * other column has their name.
 */
export function propertiesOf(random: Random, given: Readonly<Record<string, string>>): string {
  const members = Object.entries(given).map(([name, value]) => `"${name}":${value}`);
  const free = columns.filter(([name]) => !Object.hasOwn(given, name));
  addColumns(random, free, members);
  const isGiven = Object.hasOwn(given, 'AdditionalFields');
  if (!isGiven && !random.oneIn(4)) members.push(`"AdditionalFields":${additionalFields(random)}`);
  while (random.oneIn(4)) members.push(`${random.pick(keys)}:${hostileValue(random)}`);
  if (random.oneIn(monsterInterval)) members.push(`${monsterName(random, free, isGiven)}:${monster(random)}`);
  return `{${members.join(',')}}`;
}

/** Of two equal names the last one counts, so the monster takes the place of an ordinary value. */
function monsterName(random: Random, free: NamedColumns, hasDetails: boolean): string {
  const name = free[random.below(free.length + 20)]?.[0];
  return name === undefined ? random.pick(hasDetails ? keys : ['"AdditionalFields"', ...keys]) : `"${name}"`;
}

function addColumns(random: Random, from: NamedColumns, members: string[]): void {
  const missingOfEight = random.pick([0, 1, 3, 7]);
  for (const [name, column] of from) {
    const draw = random.word();
    if (draw % 8 < missingOfEight) continue;
    const isHostile = (draw >>> 3) % hostileInterval === 0;
    members.push(`"${name}":${isHostile ? hostileValue(random) : column(random)}`);
  }
}

/** Defender's own AdditionalFields: an object, the JSON of one in a string, or anything else. */
function additionalFields(random: Random): string {
  const members: string[] = [];
  addColumns(random, detailColumns, members);
  while (random.oneIn(4)) members.push(`${random.pick(keys)}:${hostileValue(random)}`);
  const object = `{${members.join(',')}}`;
  switch (random.below(8)) {
    case 0:
    case 1:
      return object;
    case 2:
      return hostileValue(random);
    case 3:
      return quoted(object.slice(0, random.below(object.length)));
    case 4:
      return random.pick([
        '"{}"',
        '" [] "',
        '"[\\"a\\",null]"',
        '"{\\"a\\":1}{"',
        '"null"',
        '"{\\"direction\\":\\"Out\\"}"',
      ]);
    default:
      return quoted(object);
  }
}
