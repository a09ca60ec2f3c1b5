import type { Message } from '../../shared/batch';
import { Books, type Tally } from '../../shared/books';
import { type Environment, readTransformSettings } from '../../shared/config';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { isObject, parseJson } from '../../shared/json';
import { Plans } from '../../shared/transform/plans';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { transformBatch } from '../../shared/transformBatch';
import { columnBytes, keyBytes, sumOf } from './billedSize';

/** What the messages of a file become with one set of settings, and what their rows weigh. */
export class MeasuredRows {
  readonly #settings: TransformSettings;
  readonly #plans = new Plans();
  readonly #books = new Books();
  /** Billed bytes of all rows, by column and by key of AdditionalFields. */
  readonly columns = new Map<string, number>();
  readonly keys = new Map<string, number>();
  rows = 0;
  /** As JSON. */
  jsonBytes = 0;
  /** Times of the first and the last event, in milliseconds since 1970. */
  first = Number.POSITIVE_INFINITY;
  last = Number.NEGATIVE_INFINITY;

  /**
   * Another setting that decides which rows there are is read from the environment here.
   * @throws ConfigError
   */
  constructor(environment: Environment) {
    this.#settings = readTransformSettings(environment);
  }

  /** Maps a batch as the app does, and returns its dead letters. */
  async add(messages: readonly Message[], table: string | undefined): Promise<readonly DeadLetter[]> {
    const batch = { hub: 'file', partition: 'line', messages };
    const { rows, letters } = await transformBatch(batch, this.#settings, this.#books, { table, plans: this.#plans });
    for (const { text, time } of rows) {
      this.row(text);
      this.first = Math.min(this.first, time);
      this.last = Math.max(this.last, time);
    }
    this.#books.count('sent', { records: rows.length });
    for (const letter of letters) this.#books.count('deadLettered', letter);
    return letters;
  }

  private row(text: string): void {
    const row = parseJson(text);
    if (!isObject(row)) throw new TypeError('A row is an object.');
    this.rows++;
    this.jsonBytes += Buffer.byteLength(text);
    addTo(this.columns, columnBytes(row));
    const { AdditionalFields: fields } = row;
    if (isObject(fields)) addTo(this.keys, keyBytes(fields));
  }

  /** Billed bytes of all rows. */
  get bytes(): number {
    return sumOf(this.columns);
  }

  tally(): Tally {
    return this.#books.tally();
  }
}

function addTo(sums: Map<string, number>, bytes: ReadonlyMap<string, number>): void {
  for (const [name, one] of bytes) sums.set(name, (sums.get(name) ?? 0) + one);
}
