import { quoted } from '../common/terminal';
import type { ReadableLetter } from '../deadLetters/readableLetter';
import { clipped } from './recordFields';

/** The newest dead letters are kept. */
const mostLetters = 200;
const mostOfBody = 20_000;

/** A dead letter, and what to type to send it again. */
export interface LetterView {
  readonly id: string;
  readonly enqueued: string;
  readonly reason: string;
  readonly step: string;
  readonly error: string;
  readonly table: string;
  /** `record`, or `message` for a whole message. */
  readonly scope: string;
  readonly body: string;
  readonly isBase64: boolean;
  /** Undefined for an id that a shell could read as more than a word: nobody should paste that. */
  readonly commands: LetterCommands | undefined;
}

export interface LetterCommands {
  readonly show: string;
  readonly send: string;
  readonly repair: string;
  readonly sendRepaired: string;
}

export class KeptLetters {
  #letters: LetterView[] = [];
  #count = 0;

  /** `settingsFile` is the path of the run's settings, as it is typed in the folder of the project. */
  constructor(private readonly settingsFile: string) {}

  get count(): number {
    return this.#count;
  }

  add({ id, enqueued, reason, step, error, table = '', scope, body, bodyBase64 = '' }: ReadableLetter): void {
    this.#count++;
    const text = clipped(body ?? bodyBase64, mostOfBody);
    const view = { id, enqueued, reason, step, error: clipped(error, mostOfBody), table, scope, body: text };
    this.#letters.push({ ...view, isBase64: body === undefined, commands: this.commandsFor(id) });
    if (this.#letters.length > mostLetters) this.#letters = this.#letters.slice(-mostLetters);
  }

  /** Newest first. */
  newest(): readonly LetterView[] {
    return this.#letters.toReversed();
  }

  private commandsFor(id: string): LetterCommands | undefined {
    if (!/^[\w./:-]+$/.test(id)) return undefined;
    const settings = `--settings ${quoted(this.settingsFile)}`;
    return {
      show: `npm run replay -- show ${id} ${settings}`,
      send: `npm run replay -- send --id ${id} ${settings}`,
      repair: `npm run replay -- export repaired.json --id ${id} --body ${settings}`,
      sendRepaired: `npm run replay -- send --file repaired.json --id ${id} ${settings}`,
    };
  }
}
