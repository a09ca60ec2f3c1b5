import { deckOf, type NonEmpty, type Random } from '../random';
import type { HostileRecord, Outcome } from './outcomes';
import { quoted } from './values';

/** A message as it would come from an event hub. It holds no line feed and is not blank: it can be a line of a file. */
export interface HostileMessage {
  readonly body: Buffer;
  /** For each record, in their order; one for a message that cannot be read. */
  readonly outcomes: readonly Outcome[];
}

const forms: NonEmpty<{ readonly weight: number; readonly of: (records: readonly string[]) => string }> = [
  { weight: 12, of: envelope },
  { weight: 1, of: (records) => `\ufeff${envelope(records)}` },
  { weight: 1, of: (records) => ` \t\r${envelope(records)}\r ` },
  { weight: 1, of: (records) => `{"RECORDS":[${records.join(' , ')}],"records ":[1]}` },
  { weight: 1, of: (records) => `{"records":[{"category":"lost"}],"x":[[[[{}]]]],"records":[${records.join(',')}]}` },
  { weight: 1, of: list },
  { weight: 1, of: (records) => list([envelope(records)]) },
  { weight: 1, of: (records) => list(records.map((record) => envelope([record]))) },
  { weight: 1, of: (records) => `{"body":${envelope(records)}}` },
  { weight: 1, of: (records) => `{"Body":${quoted(envelope(records))},"offset":9007199254740993}` },
  { weight: 1, of: (records) => list([`{"body":${quoted(list([envelope(records)]))}}`]) },
];
const deck = deckOf(forms);

function envelope(records: readonly string[]): string {
  return `{"records":${list(records)}}`;
}

function list(values: readonly string[]): string {
  return `[${values.join(',')}]`;
}

/** A message that is read as these records and nothing else. */
export function readable(random: Random, records: readonly HostileRecord[]): HostileMessage {
  const values = records.map(({ text }) => text);
  const isAlone = records.length === 1 && records[0]?.outcome !== 'NotARecord' && random.oneIn(4);
  const body = Buffer.from(isAlone ? (values[0] ?? '') : random.pick(deck).of(values));
  if (random.oneIn(4)) spoil(body);
  return { body, outcomes: records.map(({ outcome }) => outcome) };
}

const deleteCharacter = 0x7f;
const noUtf8 = 0xff;

/** Puts bytes that are no UTF-8 into texts. */
function spoil(body: Buffer): void {
  for (let at = body.indexOf(deleteCharacter); at >= 0; at = body.indexOf(deleteCharacter, at)) body[at] = noUtf8;
}

type Unreadable = readonly [body: string, outcome?: Outcome];

const nesting = 100_000;

/** Messages without a record in them. */
const fixed: NonEmpty<Unreadable> = [
  ['null', 'NotARecord'],
  ['-0', 'NotARecord'],
  ['1e400', 'NotARecord'],
  ['"text"', 'NotARecord'],
  ['"{\\"records\\":[]}"', 'NotARecord'],
  ['[[]]', 'NotARecord'],
  [`${'{"records":['.repeat(8)}{}${']}'.repeat(8)}`, 'NotARecord'],
  [`${'['.repeat(nesting)}${']'.repeat(nesting)}`, 'NotARecord'],
  [`${'{"a":'.repeat(nesting)}9007199254740993${'}'.repeat(nesting)}`, 'NoCategory'],
  ['{}', 'NoCategory'],
  ['{"records":{}}', 'NoCategory'],
  ['{"records":null}', 'NoCategory'],
  ['{"records":"[]"}', 'NoCategory'],
  ['{"body":"{\\"records\\":"}', 'NoCategory'],
  [`${'{"body":'.repeat(8)}{}${'}'.repeat(8)}`, 'NoCategory'],
  ['{"__proto__":{"records":[{}],"category":"DeviceNetworkEvents"}}', 'NoCategory'],
  ['{"category":"DeviceNetworkEvents","__proto__":{"properties":{}}}', 'NoProperties'],
  ['{"records":[]}'],
  ['[]'],
  ['{"body":"[]"}'],
];

/** Blank for JavaScript, though not for every reader. */
const blanks: NonEmpty<string> = ['\ufeff', '\u00a0', '\ufeff \u3000\r', '\u2028'];

const noJson: NonEmpty<string> = [
  'undefined',
  'NaN',
  '{"records":[]}}',
  '{"records":[]} {"records":[]}',
  '{"records":[],}',
  '{"records":[NaN]}',
  '{"records":[01]}',
  '{"records":[+1]}',
  '{"records":[.5]}',
  '{"records":[0x10]}',
  '{"records":["\t"]}',
  '{"records":["\\x41"]}',
  '{"records":["\\ud8"]}',
  '{"records":[1]\u00a0}',
  "{'records':[]}",
  '{records:[]}',
  '{"records":[]}//',
  '/**/{"records":[]}',
  '\ufeff\ufeff{"records":[]}',
  '<records/>',
  '--\rGET / HTTP/1.1',
  '['.repeat(nesting),
  '{"a":'.repeat(nesting),
  `"${'x'.repeat(nesting)}`,
  '9'.repeat(nesting).concat('x'),
];

/** A message that is none, holds no record, or was cut off. */
export function unreadable(random: Random, records: readonly HostileRecord[]): HostileMessage {
  switch (random.below(5)) {
    case 0: {
      const [body, outcome] = random.pick(fixed);
      return { body: Buffer.from(body), outcomes: outcome === undefined ? [] : [outcome] };
    }
    case 1:
      return { body: Buffer.from(random.pick(noJson)), outcomes: ['InvalidJson'] };
    case 2:
      return { body: Buffer.from(random.pick(blanks)), outcomes: ['EmptyMessage'] };
    case 3:
      return { body: noise(random), outcomes: ['InvalidJson'] };
    default: {
      // Cut off inside its first record, so that none is whole.
      const whole = Buffer.from(envelope(records.slice(0, 1).map(({ text }) => text)));
      return { body: whole.subarray(0, random.between(1, whole.length - 3)), outcomes: ['InvalidJson'] };
    }
  }
}

/** Any bytes, or JSON in an encoding that nobody expects, but without line feeds. */
function noise(random: Random): Buffer {
  if (random.oneIn(4)) return Buffer.from('{"records":[{"category":"DeviceNetworkEvents"}]}', 'utf16le');
  if (random.oneIn(4)) return Buffer.from('1f8b080000000000000b', 'hex');
  const bytes = Buffer.from(Array.from({ length: random.between(1, 200) }, () => random.below(256)));
  bytes[0] = noUtf8;
  return Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0x0b : byte)));
}
