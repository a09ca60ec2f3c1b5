import { deckOf, type NonEmpty, type Random } from '../random';
import type { HostileOutcome, HostileRecord } from './hostileRecords';
import { listed, quoted } from './hostileValues';

/** A message as it would come from an event hub. It holds no line feed and is not blank: it can be a line of a file. */
export interface HostileMessage {
  readonly body: Buffer;
  /** The outcome of each record in order; one outcome for a message that cannot be read. */
  readonly outcomes: readonly HostileOutcome[];
}

const list = (values: readonly string[]): string => `[${values.join(',')}]`;
const envelope = (records: readonly string[]): string => `{"records":${list(records)}}`;

const deck = deckOf<(records: readonly string[]) => string>([
  [envelope, 12],
  [(records) => `\ufeff${envelope(records)}`, 1],
  [(records) => ` \t\r${envelope(records)}\r `, 1],
  [(records) => `{"RECORDS":[${records.join(' , ')}],"records ":[1]}`, 1],
  [(records) => `{"records":[{"category":"lost"}],"x":[[[[{}]]]],"records":[${records.join(',')}]}`, 1],
  [list, 1],
  [(records) => list([envelope(records)]), 1],
  [(records) => list(records.map((record) => envelope([record]))), 1],
  [(records) => `{"body":${envelope(records)}}`, 1],
  [(records) => `{"Body":${quoted(envelope(records))},"offset":9007199254740993}`, 1],
  [(records) => list([`{"body":${quoted(list([envelope(records)]))}}`]), 1],
]);

/** Makes a message that must be read as exactly these records. */
export function readable(random: Random, records: readonly HostileRecord[]): HostileMessage {
  const values = records.map(({ text }) => text);
  const isAlone = records.length === 1 && records[0]?.outcome !== 'NotARecord' && random.oneIn(4);
  const body = Buffer.from(isAlone ? (values[0] ?? '') : random.pick(deck)(values));
  if (random.oneIn(4)) spoil(body);
  return { body, outcomes: records.map(({ outcome }) => outcome) };
}

const deleteCharacter = 0x7f;
const noUtf8 = 0xff;

/** Inserts invalid UTF-8 into texts. */
function spoil(body: Buffer): void {
  for (let at = body.indexOf(deleteCharacter); at >= 0; at = body.indexOf(deleteCharacter, at)) body[at] = noUtf8;
}

const nesting = 100_000;

/** Messages without a record, by their expected outcome. */
const recordless: NonEmpty<readonly [outcome: HostileOutcome | undefined, bodies: NonEmpty<string>]> = [
  [
    'NotARecord',
    [
      ...listed`null | -0 | 1e400 | "text" | "{\"records\":[]}" | [[]]`,
      `${'{"records":['.repeat(8)}{}${']}'.repeat(8)}`,
      `${'['.repeat(nesting)}${']'.repeat(nesting)}`,
    ],
  ],
  [
    'NoCategory',
    [
      ...listed`
      {} | {"records":{}} | {"records":null} | {"records":"[]"} | {"body":"{\"records\":"}
      | {"__proto__":{"records":[{}],"category":"DeviceNetworkEvents"}}`,
      `${'{"body":'.repeat(8)}{}${'}'.repeat(8)}`,
      `${'{"a":'.repeat(nesting)}9007199254740993${'}'.repeat(nesting)}`,
    ],
  ],
  ['NoProperties', listed`{"category":"DeviceNetworkEvents","__proto__":{"properties":{}}}`],
  [undefined, listed`{"records":[]} | [] | {"body":"[]"}`],
  // Blank for JavaScript, though not for every reader.
  ['EmptyMessage', ['\ufeff', '\u00a0', '\ufeff \u3000\r', '\u2028']],
  [
    'InvalidJson',
    [
      ...listed`
      undefined | NaN | {"records":[]}} | {"records":[],} | {"records":[NaN]} | {"records":[01]} | {"records":[+1]} | {"records":[.5]}
      | {"records":[0x10]} | {"records":["\x41"]} | {"records":["\ud8"]} | {'records':[]} | {records:[]} | {"records":[]}// | /**/{"records":[]}
      | <records/>`,
      '{"records":[]} {"records":[]}',
      '{"records":["\t"]}',
      '{"records":[1]\u00a0}',
      '\ufeff\ufeff{"records":[]}',
      '--\rGET / HTTP/1.1',
      '['.repeat(nesting),
      '{"a":'.repeat(nesting),
      `"${'x'.repeat(nesting)}`,
      `${'9'.repeat(nesting)}x`,
    ],
  ],
];

/** A message that is not JSON, holds no record, or is cut off. */
export function unreadable(random: Random, records: readonly HostileRecord[]): HostileMessage {
  if (random.oneIn(4)) return { body: noise(random), outcomes: ['InvalidJson'] };
  if (random.oneIn(3)) {
    // Cut off inside its first record, so that none is whole.
    const whole = Buffer.from(envelope(records.slice(0, 1).map(({ text }) => text)));
    return { body: whole.subarray(0, random.between(1, whole.length - 3)), outcomes: ['InvalidJson'] };
  }
  const [outcome, bodies] = random.pick(recordless);
  return { body: Buffer.from(random.pick(bodies)), outcomes: outcome === undefined ? [] : [outcome] };
}

/** Any bytes, or JSON in an unexpected encoding, but without line feeds. */
function noise(random: Random): Buffer {
  if (random.oneIn(4)) return Buffer.from('{"records":[{"category":"DeviceNetworkEvents"}]}', 'utf16le');
  if (random.oneIn(4)) return Buffer.from('1f8b080000000000000b', 'hex');
  const bytes = Buffer.from(Array.from({ length: random.between(1, 200) }, () => random.below(256)));
  bytes[0] = noUtf8;
  return Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0x0b : byte)));
}
