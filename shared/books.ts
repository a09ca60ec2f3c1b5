import { newsText, type SchemaNews } from './schemaNews';
import { shortened } from './shortened';

/**
 * The books: every record that came in ends in exactly one state. A message that cannot be read counts as one record; of a
 * damaged message each record that is whole counts one, and each damaged stretch between them one.
 *
 * `received = sent + skipped + dropped + merged + duplicates + deadLettered`
 */
export interface Tally {
  readonly messages: number;
  /** Bytes of the message bodies. */
  readonly bytesIn: number;
  readonly received: number;
  /** Of these, records that could be read only after a repair; not a state of its own. */
  readonly recordsRepaired: number;
  /** Its row was accepted. */
  readonly sent: number;
  /** No network session: by table, or `DeviceEvents/ActionType`. */
  readonly skipped: number;
  /** Dropped by a named rule. */
  readonly dropped: number;
  /** Became part of another record's row. */
  readonly merged: number;
  /** The same EventUid came earlier. */
  readonly duplicates: number;
  /** Settled in the dead-letter hub, with a reason. */
  readonly deadLettered: number;
  /** Bytes of JSON in accepted chunks. */
  readonly bytesOut: number;
  /** The same chunks, compressed. */
  readonly bytesSent: number;
  readonly skippedByTable: Readonly<Record<string, number>>;
  readonly droppedByRule: Readonly<Record<string, number>>;
  readonly deadLetteredByReason: Readonly<Record<string, number>>;
  /** Columns, action types and fields of the envelope that the mapping does not know, by name; a record may hold several. */
  readonly newInSchema: Readonly<Record<string, number>>;
  /** Values that are there and cannot be read, by column: the row was made without them. */
  readonly unreadableByColumn: Readonly<Record<string, number>>;
}

export const states = [
  'sent',
  'skipped',
  'dropped',
  'merged',
  'duplicates',
  'deadLettered',
] as const satisfies (keyof Tally)[];
export type State = (typeof states)[number];

/** The records that are in one of the states. */
export function accountedFor(tally: Tally): number {
  return states.reduce((sum, state) => sum + tally[state], 0);
}

/** Whether every record is in exactly one state, and the sums by name agree with their totals. */
export function balances(tally: Tally): boolean {
  return (
    tally.received === accountedFor(tally) &&
    tally.skipped === total(tally.skippedByTable) &&
    tally.dropped === total(tally.droppedByRule) &&
    tally.deadLettered === total(tally.deadLetteredByReason)
  );
}

function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** So many records of one table in one state; `reason` says why they are no row, where there is more to say than the state. */
export interface BooksLine {
  readonly state: State;
  readonly reason: string;
  /** Empty where it could not be read. */
  readonly table: string;
  readonly records: number;
}

/** Counts one batch; `tally()` is its books, `lines()` the same in more detail. */
export class Books {
  #numbers = {
    messages: 0,
    bytesIn: 0,
    received: 0,
    recordsRepaired: 0,
    sent: 0,
    merged: 0,
    duplicates: 0,
    bytesOut: 0,
    bytesSent: 0,
  };
  readonly #skipped = new NamedCounts();
  readonly #dropped = new NamedCounts();
  readonly #deadLettered = new NamedCounts();
  readonly #news = new NamedCounts();
  readonly #newsByText = new Map<string, SchemaNews>();
  readonly #unreadable = new NamedCounts();
  readonly #lines = new Map<string, { -readonly [K in keyof BooksLine]: BooksLine[K] }>();

  message(bytes: number): void {
    this.#numbers.messages++;
    this.#numbers.bytesIn += bytes;
  }

  received(): void {
    this.#numbers.received++;
  }

  repaired(): void {
    this.#numbers.recordsRepaired++;
  }

  sent(rows: number, bytesOut: number, bytesSent: number): void {
    this.#numbers.sent += rows;
    this.#numbers.bytesOut += bytesOut;
    this.#numbers.bytesSent += bytesSent;
  }

  skipped(key: string): void {
    this.#skipped.add(key);
  }

  duplicate(): void {
    this.#numbers.duplicates++;
  }

  deadLettered(reason: string, records = 1): void {
    this.#deadLettered.add(reason, records);
  }

  /** The detail of records that one of the methods above counts. */
  detail(state: State, table: string | undefined, reason = '', records = 1): void {
    const key = `${state}\n${reason}\n${table ?? ''}`;
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, { state, reason, table: table ?? '', records });
    else line.records += records;
  }

  /** Adds up to the tally: what came without detail has a line of its own for each state. */
  lines(): BooksLine[] {
    const tally = this.tally();
    const detailed = [...this.#lines.values()];
    const rest = states.map((state) => {
      const told = detailed.reduce((sum, line) => sum + (line.state === state ? line.records : 0), 0);
      return { state, reason: '', table: '', records: tally[state] - told };
    });
    return [...detailed, ...rest.filter(({ records }) => records > 0)];
  }

  newInSchema({ kind, name }: SchemaNews): void {
    const news = { kind, name: shortened(name, maxNameLength) };
    const text = this.#news.add(newsText(news));
    this.#newsByText.set(text, text === other ? { kind: 'column', name: other } : news);
  }

  /** How many records hold each thing that is new in the schema. */
  news(): (SchemaNews & { readonly records: number })[] {
    const counts = this.#news.byName();
    return Array.from(this.#newsByText, ([text, { kind, name }]) => ({ kind, name, records: counts[text] ?? 0 }));
  }

  unreadable(column: string): void {
    this.#unreadable.add(column);
  }

  tally(): Tally {
    return {
      ...this.#numbers,
      skipped: this.#skipped.total,
      dropped: this.#dropped.total,
      deadLettered: this.#deadLettered.total,
      skippedByTable: this.#skipped.byName(),
      droppedByRule: this.#dropped.byName(),
      deadLetteredByReason: this.#deadLettered.byName(),
      newInSchema: this.#news.byName(),
      unreadableByColumn: this.#unreadable.byName(),
    };
  }
}

type NamedKey = { [K in keyof Tally]: Tally[K] extends number ? never : K }[keyof Tally];

/** The sum of two tallies. */
export function addTallies(a: Tally, b: Tally): Tally {
  const names = (key: NamedKey): Record<string, number> => {
    const counts = new NamedCounts();
    for (const tally of [a, b]) for (const [name, count] of Object.entries(tally[key])) counts.add(name, count);
    return counts.byName();
  };
  return {
    messages: a.messages + b.messages,
    bytesIn: a.bytesIn + b.bytesIn,
    received: a.received + b.received,
    recordsRepaired: a.recordsRepaired + b.recordsRepaired,
    sent: a.sent + b.sent,
    skipped: a.skipped + b.skipped,
    dropped: a.dropped + b.dropped,
    merged: a.merged + b.merged,
    duplicates: a.duplicates + b.duplicates,
    deadLettered: a.deadLettered + b.deadLettered,
    bytesOut: a.bytesOut + b.bytesOut,
    bytesSent: a.bytesSent + b.bytesSent,
    skippedByTable: names('skippedByTable'),
    droppedByRule: names('droppedByRule'),
    deadLetteredByReason: names('deadLetteredByReason'),
    newInSchema: names('newInSchema'),
    unreadableByColumn: names('unreadableByColumn'),
  };
}

/** Names come from outside, so their number and length are bounded; what is past the bound counts as `(other)`. */
const maxNames = 100;
const maxNameLength = 128;
const other = '(other)';

class NamedCounts {
  total = 0;
  readonly #counts = new Map<string, number>();

  /** Returns the name under which it counts. */
  add(name: string, count = 1): string {
    this.total += count;
    const short = this.#counts.has(name) ? name : shortened(name, maxNameLength);
    const key = this.#counts.has(short) || this.#counts.size < maxNames ? short : other;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    return key;
  }

  byName(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
