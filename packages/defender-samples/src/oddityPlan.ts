import { type MessageOddity, messageOddities, type RecordOddity, recordOddities } from './oddities';
import type { Random } from './random';

/**
 * When something odd happens: once in `meanGap` records on average, every oddity once before any comes again.
 * Those of messages wait for the next message, those of records for the next record that can be odd so.
 */
export class OddityPlan {
  readonly #messages: MessageOddity[] = [];
  readonly #records: RecordOddity[] = [];
  #deck: (MessageOddity | RecordOddity)[] = [];
  #gap: number;

  constructor(
    private readonly random: Random,
    private readonly isOn: boolean,
    private readonly meanGap: number,
  ) {
    this.#gap = this.draw();
  }

  /** One more record has been made. */
  step(): void {
    if (!this.isOn) return;
    this.#gap--;
    if (this.#gap > 0) return;
    this.#gap = this.draw();
    if (this.#deck.length === 0) this.#deck = this.random.shuffled([...messageOddities, ...recordOddities]);
    const oddity = this.#deck.pop();
    if (oddity === undefined) return;
    if (isOfMessage(oddity)) this.#messages.push(oddity);
    else this.#records.push(oddity);
  }

  message(): MessageOddity | undefined {
    return this.#messages.shift();
  }

  record(): RecordOddity | undefined {
    return this.#records[0];
  }

  recordDone(): void {
    this.#records.shift();
  }

  private draw(): number {
    return this.random.between(1, 2 * this.meanGap - 1);
  }
}

function isOfMessage(oddity: MessageOddity | RecordOddity): oddity is MessageOddity {
  return messageOddities.some((name) => name === oddity);
}
