import type { HostileOutcome } from 'defender-samples/hostile';
import type { Tally } from '../../shared/books';

/** The expected outcomes of the messages that were generated so far. */
export class Expected {
  #messages = 0;
  #records = 0;
  readonly #counts = new Map<string, number>();
  /** Outcomes by line, of messages that may still be in work. */
  readonly #outcomes = new Map<string, readonly HostileOutcome[]>();

  get records(): number {
    return this.#records;
  }

  message(outcomes: readonly HostileOutcome[]): void {
    this.#messages++;
    this.#records += outcomes.length;
    this.#outcomes.set(String(this.#messages), outcomes);
    for (const outcome of outcomes) this.#counts.set(outcome, this.count(outcome) + 1);
  }

  /** The expected outcome of the record with this dead-letter id, `file/line/line number/record index`. */
  of(id: string): HostileOutcome | undefined {
    const [, , line = '', index = ''] = id.split('/');
    return this.#outcomes.get(line)?.[Number(index)];
  }

  /** Call when all messages so far are settled. */
  forgetSettled(): void {
    this.#outcomes.clear();
  }

  /** Counts that are not as expected. */
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
