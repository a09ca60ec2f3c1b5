import type { Message } from '../../shared/batch';
import { Books, type Tally } from '../../shared/books';
import { type Environment, readDropRules, readTransformSettings } from '../../shared/config';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { isObject, parseJson } from '../../shared/json';
import { Plans } from '../../shared/transform/plans';
import type { RowRules, Ruling } from '../../shared/transform/ruling';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { countSent, transformBatch } from '../../shared/transformBatch';
import { columnBytes, keyBytes, sumOf } from './billedSize';
import type { TriedRules } from './levers';

/** What the messages of a file become with one set of settings, and what their rows weigh. */
export class MeasuredRows {
  readonly #settings: TransformSettings;
  readonly #asked: readonly Pick<TriedRules, 'rulingOn' | 'switchedOff'>[];
  readonly #rules: RowRules | undefined;
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
   * Asks `more` rules after those of the environment.
   * @throws ConfigError
   */
  constructor(environment: Environment, more: readonly TriedRules[] = []) {
    this.#settings = readTransformSettings(environment);
    const own = readDropRules(environment);
    this.#asked = [...(own === undefined ? [] : [own]), ...more];
    this.#rules = inTurn(this.#asked);
  }

  /** Maps a batch as the app does, and returns its dead letters. */
  async add(messages: readonly Message[], table: string | undefined): Promise<readonly DeadLetter[]> {
    const batch = { hub: 'file', partition: 'line', messages };
    const options = { table, plans: this.#plans, rules: this.#rules };
    const { rows, letters } = await transformBatch(batch, this.#settings, this.#books, options);
    for (const { text, time } of rows) {
      this.row(text);
      this.first = Math.min(this.first, time);
      this.last = Math.max(this.last, time);
    }
    countSent(this.#books, rows);
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

  /** Names of the rules that took too long, and did nothing from then on. */
  get switchedOff(): readonly string[] {
    return this.#asked.flatMap(({ switchedOff }) => switchedOff);
  }

  tally(): Tally {
    return this.#books.tally();
  }
}

/** The first that drops a record decides. */
function inTurn(all: readonly RowRules[]): RowRules | undefined {
  const [only, ...others] = all;
  if (others.length === 0) return only;
  return {
    rulingOn(event) {
      let last: Ruling | undefined;
      for (const rules of all) {
        last = rules.rulingOn(event) ?? last;
        if (last?.droppedBy !== undefined) return last;
      }
      return last;
    },
  };
}

function addTo(sums: Map<string, number>, bytes: ReadonlyMap<string, number>): void {
  for (const [name, one] of bytes) sums.set(name, (sums.get(name) ?? 0) + one);
}
