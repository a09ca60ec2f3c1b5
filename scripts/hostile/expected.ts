import type { Outcome } from 'defender-samples/hostile';
import type { Tally } from '../../shared/books';

/** What the maker of messages says about them. */
export class Expected {
  #messages = 0;
  #records = 0;
  readonly #counts = new Map<string, number>();
  /** By line: those of messages whose batch may not be settled yet. */
  readonly #outcomes = new Map<string, readonly Outcome[]>();

  get records(): number {
    return this.#records;
  }

  message(outcomes: readonly Outcome[]): void {
    this.#messages++;
    this.#records += outcomes.length;
    this.#outcomes.set(String(this.#messages), outcomes);
    for (const outcome of outcomes) this.#counts.set(outcome, this.count(outcome) + 1);
  }

  /** What must become of the record with the id of a dead letter, `file/line/line number/record index`. */
  of(id: string): Outcome | undefined {
    const [, , line = '', index = ''] = id.split('/');
    return this.#outcomes.get(line)?.[Number(index)];
  }

  /** All messages so far have been dealt with. */
  forgetSettled(): void {
    this.#outcomes.clear();
  }

  /** Where a tally, and the number of rows that were written, are not what they must be. */
  differences(tally: Tally, rows: number): string[] {
    const { deadLetteredByReason } = tally;
    const names = new Set([...this.#counts.keys(), ...Object.keys(deadLetteredByReason)]);
    for (const state of ['row', 'skipped', 'duplicate']) names.delete(state);
    const pairs: (readonly [what: string, made: number, found: number])[] = [
      ['messages', this.#messages, tally.messages],
      ['records', this.#records, tally.received],
      ['rows', this.count('row'), tally.sent],
      ['rows written', this.count('row'), rows],
      ['skipped', this.count('skipped'), tally.skipped],
      ['duplicates', this.count('duplicate'), tally.duplicates],
    ];
    for (const reason of names) pairs.push([reason, this.count(reason), deadLetteredByReason[reason] ?? 0]);
    return pairs.flatMap(([what, made, found]) => (made === found ? [] : [`${what}: ${made} made, ${found} found`]));
  }

  private count(outcome: string): number {
    return this.#counts.get(outcome) ?? 0;
  }
}
