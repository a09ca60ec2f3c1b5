import { BoundedNames, maxNameLength, otherNames } from './boundedNames';
import { type Saving, savingKey } from './savings';
import { newsText, type SchemaNews } from './schemaNews';
import { shortened } from './shortened';

/**
 * The counts of one batch: every record received ends in exactly one state. An unreadable message counts as one record. In a
 * damaged message each intact record counts as one, and so does each damaged part between them.
 *
 * `received = sent + skipped + dropped + merged + duplicates + deadLettered`
 */
export interface Tally {
  readonly messages: number;
  /** Bytes of the message bodies. */
  readonly bytesIn: number;
  readonly received: number;
  /** How many of these had to be repaired before they could be read; not a state of its own. */
  readonly recordsRepaired: number;
  /** Its row was accepted. */
  readonly sent: number;
  /** Not a network session. Names: the table, or `DeviceEvents/ActionType`. */
  readonly skipped: number;
  /** Dropped by a named rule. */
  readonly dropped: number;
  /** Became part of another record's row (`EventCount`): identical connections of one message, by MERGE_FLOWS. */
  readonly merged: number;
  /** The same EventUid came earlier. */
  readonly duplicates: number;
  /** Acknowledged by the dead-letter hub. */
  readonly deadLettered: number;
  /** Bytes of JSON in accepted chunks. */
  readonly bytesOut: number;
  /** The same chunks, compressed. */
  readonly bytesSent: number;
  readonly skippedByTable: Readonly<Record<string, number>>;
  readonly droppedByRule: Readonly<Record<string, number>>;
  readonly deadLetteredByReason: Readonly<Record<string, number>>;
  /** Columns, action types and envelope fields that the mapping does not know; a record may hold several. */
  readonly newInSchema: Readonly<Record<string, number>>;
  /** Values that could not be read, by column; their rows were sent without them. */
  readonly unreadableByColumn: Readonly<Record<string, number>>;
  /** Records that a rule of the action `count` matches; they count in their own state as well. */
  readonly countedByRule: Readonly<Record<string, number>>;
  /** Records for which a rule threw. */
  readonly ruleErrorsByRule: Readonly<Record<string, number>>;
  /** Rows that are not sent because of a setting that sends less (`savings.ts`): `DROP_RULES_FILE/<rule>`, `MERGE_FLOWS/message`. */
  readonly rowsSavedByLever: Readonly<Record<string, number>>;
  /** Bytes of JSON text of these rows, and of what the others go without; not billed bytes. */
  readonly bytesSavedByLever: Readonly<Record<string, number>>;
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

/** How many records are in some state. */
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

/** The sum of counts by name. */
export function total(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** How many records of one table are in one state. */
export interface BooksLine {
  readonly state: State;
  /** Why they are not rows; empty where state and table say it all. */
  readonly reason: string;
  /** Empty where it could not be read. */
  readonly table: string;
  readonly records: number;
}

/** What is known of records that are counted together. */
export interface CountedRecords {
  readonly table?: string | undefined;
  /** Names them in the tally; the table, if there is no reason. */
  readonly reason?: string;
  /** 1 by default. */
  readonly records?: number | undefined;
}

/** Counts one batch: `tally()` has the sums, `lines()` the same records by table and reason. */
export class Books {
  readonly #sums = { messages: 0, bytesIn: 0, received: 0, recordsRepaired: 0, bytesOut: 0, bytesSent: 0 };
  readonly #states: Record<State, NamedCounts> = {
    sent: new NamedCounts(),
    skipped: new NamedCounts(),
    dropped: new NamedCounts(),
    merged: new NamedCounts(),
    duplicates: new NamedCounts(),
    deadLettered: new NamedCounts(),
  };
  readonly #news = new NamedCounts();
  readonly #newsByText = new Map<string, SchemaNews>();
  readonly #unreadable = new NamedCounts();
  readonly #countedByRule = new NamedCounts();
  readonly #ruleErrors = new NamedCounts();
  readonly #savings = new Map<string, Saving>();
  readonly #savedNames = new BoundedNames();
  readonly #tables = new BoundedNames();
  readonly #reasons = new BoundedNames();
  readonly #lines = new Map<string, { -readonly [K in keyof BooksLine]: BooksLine[K] }>();

  message(bytes: number): void {
    this.#sums.messages++;
    this.#sums.bytesIn += bytes;
  }

  received(): void {
    this.#sums.received++;
  }

  repaired(): void {
    this.#sums.recordsRepaired++;
  }

  /** Puts records into their final state. */
  count(state: State, what: CountedRecords = {}): void {
    const { records = 1 } = what;
    const table = this.#tables.of(what.table ?? '');
    const reason = this.#reasons.of(what.reason ?? '');
    this.#states[state].add(what.reason || (what.table ?? ''), records);
    const key = `${state}\n${reason}\n${table}`;
    const line = this.#lines.get(key);
    if (line === undefined) this.#lines.set(key, { state, reason, table, records });
    else line.records += records;
  }

  /** Bytes of accepted chunks, before and after compression. */
  chunks(bytesOut: number, bytesSent: number): void {
    this.#sums.bytesOut += bytesOut;
    this.#sums.bytesSent += bytesSent;
  }

  newInSchema({ kind, name }: SchemaNews): void {
    const news = { kind, name: shortened(name, maxNameLength) };
    const text = this.#news.add(newsText(news));
    this.#newsByText.set(text, text === otherNames ? { kind: 'column', name: otherNames } : news);
  }

  /** How many records hold each thing that is new in the schema. */
  news(): (SchemaNews & { readonly records: number })[] {
    const counts = this.#news.byName();
    return Array.from(this.#newsByText, ([text, { kind, name }]) => ({ kind, name, records: counts[text] ?? 0 }));
  }

  unreadable(column: string): void {
    this.#unreadable.add(column);
  }

  /** What drop rules say of a record, beside dropping it. */
  ruled({
    countedBy,
    failedIn,
  }: {
    readonly countedBy: readonly string[];
    readonly failedIn: readonly string[];
  }): void {
    for (const rule of countedBy) this.#countedByRule.add(rule);
    for (const rule of failedIn) this.#ruleErrors.add(rule);
  }

  /** Counts what a lever saved. Call it for what is settled: not for a row that may still be rejected. */
  saved({ lever, name: whole, rows, bytes }: Saving): void {
    if (rows === 0 && bytes === 0) return;
    const name = this.#savedNames.of(whole);
    const key = savingKey({ lever, name });
    const sum = this.#savings.get(key) ?? { lever, name, rows: 0, bytes: 0 };
    this.#savings.set(key, { ...sum, rows: sum.rows + rows, bytes: sum.bytes + bytes });
  }

  /** What each lever saved, by rule where it has rules. */
  savings(): readonly Saving[] {
    return [...this.#savings.values()];
  }

  lines(): BooksLine[] {
    return [...this.#lines.values()];
  }

  tally(): Tally {
    const { messages, bytesIn, received, recordsRepaired, bytesOut, bytesSent } = this.#sums;
    const { sent, skipped, dropped, merged, duplicates, deadLettered } = this.#states;
    return {
      messages,
      bytesIn,
      received,
      recordsRepaired,
      sent: sent.total,
      merged: merged.total,
      duplicates: duplicates.total,
      bytesOut,
      bytesSent,
      skipped: skipped.total,
      dropped: dropped.total,
      deadLettered: deadLettered.total,
      skippedByTable: skipped.byName(),
      droppedByRule: dropped.byName(),
      deadLetteredByReason: deadLettered.byName(),
      newInSchema: this.#news.byName(),
      unreadableByColumn: this.#unreadable.byName(),
      countedByRule: this.#countedByRule.byName(),
      ruleErrorsByRule: this.#ruleErrors.byName(),
      rowsSavedByLever: Object.fromEntries(
        this.savings().flatMap((one) => (one.rows > 0 ? [[savingKey(one), one.rows]] : [])),
      ),
      bytesSavedByLever: Object.fromEntries(this.savings().map((one) => [savingKey(one), one.bytes])),
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
    countedByRule: names('countedByRule'),
    ruleErrorsByRule: names('ruleErrorsByRule'),
    rowsSavedByLever: names('rowsSavedByLever'),
    bytesSavedByLever: names('bytesSavedByLever'),
  };
}

/** Counts by name. The names come from outside. */
class NamedCounts {
  total = 0;
  readonly #names = new BoundedNames();
  readonly #counts = new Map<string, number>();

  /** Returns the name under which it counts. */
  add(name: string, count = 1): string {
    this.total += count;
    const key = this.#names.of(name);
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + count);
    return key;
  }

  byName(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }
}
