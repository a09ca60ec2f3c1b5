import type { MessageOddity } from './oddities';
import type { Random } from './random';
import type { StreamRecord } from './sampleEvent';
import type { DeadReason, Outcome } from './truth';

export interface StreamMessage {
  /** As Defender publishes it; at most 1,000,000 bytes. */
  readonly body: Buffer;
  /** The device of the first record. */
  readonly partitionKey: string;
  readonly expected: Expected;
  /** The expected outcome of each record, by index; a message that cannot be read has one outcome. */
  readonly outcomes: readonly Outcome[];
  /** Where the body has each of these records. */
  readonly ranges: readonly Range[];
}

export type Range = readonly [start: number, end: number];

/** What the books must say about a message. */
export interface Expected {
  /** Number of records; a message that cannot be read counts as one. The sum of all other numbers here. */
  readonly received: number;
  readonly rows: number;
  /** Number of skipped records by table, or by `DeviceEvents/ActionType`. */
  readonly skipped: Readonly<Record<string, number>>;
  /** Number of dead letters by reason. */
  readonly dead: Readonly<Record<string, number>>;
  /** Number of records that repeat an earlier one of the same message. */
  readonly duplicates: number;
}

const maxBytes = 1_000_000;

/** A message of this size gets no further record; the record that exceeded it still fits. */
const fullBytes = 980_000;

/** The UTF-8 byte order mark, one character per byte. */
const byteOrderMark = '\u00ef\u00bb\u00bf';
const opening = '{"records":[';
const closing = ']}';

/**
 * Writes the messages one by one: as Defender publishes them, or unusual as a whole. Each record becomes bytes at once:
 * keeping its text until the end of the message would keep the garbage collector busy.
 */
export class MessageWriter {
  readonly #bytes = Buffer.alloc(maxBytes);
  readonly #outcomes: Outcome[] = [];
  #length = 0;
  readonly #ranges: Range[] = [];
  #partitionKey = '';
  #oddity: MessageOddity | undefined;

  constructor(private readonly random: Random) {}

  get isFull(): boolean {
    return this.#length >= fullBytes;
  }

  begin(oddity: MessageOddity | undefined): void {
    this.#oddity = oddity;
    this.#outcomes.length = 0;
    this.#ranges.length = 0;
    this.#length = 0;
    if (oddity === 'byteOrderMark') this.write(byteOrderMark);
    if (oddity !== 'lines') this.write(opening);
  }

  add({ text, outcome, deviceId }: StreamRecord): void {
    const isFirst = this.#outcomes.length === 0;
    if (isFirst) this.#partitionKey = deviceId;
    else if (this.#oddity !== 'lines') this.write(',');
    const start = this.#length;
    this.write(text);
    this.#ranges.push([start, this.#length]);
    if (this.#oddity === 'lines') this.write(this.random.pick(['\n', '\r\n']));
    this.#outcomes.push(outcome);
  }

  end(): StreamMessage {
    if (this.#oddity !== 'lines') this.write(closing);
    const bytes = this.#bytes.subarray(0, this.#length);
    if (this.#oddity === 'empty') return this.message(Buffer.alloc(0), [dead('EmptyMessage')]);
    if (this.#oddity === 'truncated') return this.cutOff(bytes);
    return this.message(bytes, this.#outcomes);
  }

  /** Cuts the message inside a record; the records before it can still be read. */
  private cutOff(bytes: Buffer): StreamMessage {
    const last = this.random.below(this.#ranges.length);
    const [begin, whole] = this.#ranges[last] ?? [0, 0];
    const end = begin + 1 + this.random.below(whole - begin - 1);
    return this.message(bytes.subarray(0, end), [...this.#outcomes.slice(0, last), dead('InvalidJson')]);
  }

  private message(bytes: Buffer, outcomes: readonly Outcome[]): StreamMessage {
    return {
      body: Buffer.from(bytes),
      partitionKey: this.#partitionKey,
      expected: expectedOf(outcomes),
      outcomes: [...outcomes],
      ranges: this.#ranges.slice(0, bytes.length === 0 ? 0 : outcomes.length),
    };
  }

  private write(text: string): void {
    if (this.#length + text.length > maxBytes) throw new Error(`${text.length} bytes do not fit their message.`);
    this.#length += this.#bytes.write(text, this.#length, 'latin1');
  }
}

function expectedOf(outcomes: readonly Outcome[]): Expected {
  const countOf = (state: Outcome['state']): number => outcomes.filter((outcome) => outcome.state === state).length;
  return {
    received: outcomes.length,
    rows: countOf('row'),
    skipped: counted(outcomes.flatMap((outcome) => (outcome.state === 'skipped' ? [outcome.key] : []))),
    dead: counted(outcomes.flatMap((outcome) => (outcome.state === 'dead' ? [outcome.reason] : []))),
    duplicates: countOf('duplicate'),
  };
}

function counted(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function dead(reason: DeadReason): Outcome {
  return { state: 'dead', reason };
}
