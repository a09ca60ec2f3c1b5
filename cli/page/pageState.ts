import type { StoredCall } from 'azure-emulators/ingestion';
import { Books, type Tally } from '../../shared/books';
import type { ReadableLetter } from '../deadLetters/readableLetter';
import { KeptLetters, type LetterView } from './keptLetters';
import type { PastedRecords } from './pastedRecords';
import type { RecordView } from './recordView';
import { type StoredRow, StoredRows } from './storedRows';
import { Timeline, type TimelineColumns } from './timeline';

/** What the command does now. */
export type Phase = 'starting' | 'streaming' | 'comparing' | 'waiting';

/** Counts that the services around the app know. */
export interface ServiceCounts {
  /** Messages that the source hub has taken. */
  readonly messagesInHub: number;
}

/** What the page shows of the whole run. */
export interface PageCounts {
  readonly phase: Phase;
  readonly messagesInHub: number;
  readonly rowsStored: number;
  readonly lettersInHub: number;
  readonly tally: Tally;
  readonly timeline: TimelineColumns;
  /** The settings of the environment that change rows. */
  readonly rowSettings: Readonly<Record<string, string>>;
  /** The newest errors and warnings of the app, oldest first. */
  readonly problems: readonly string[];
}

/** What is known of a settled batch. */
export interface SettledRecords {
  readonly received: number;
  /** When the hub stored its oldest message: ISO 8601, if the host told. */
  readonly oldestEnqueued?: string;
}

export interface PageStateOptions {
  /** As the command got them. */
  readonly rowSettings: Readonly<Record<string, string>>;
  readonly settingsFile: string;
  readonly pasted: PastedRecords;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const mostProblems = 20;
const mostOfProblem = 2000;

/** Everything that the page knows, bounded; the command fills it. It writes nothing. */
export class PageState {
  #phase: Phase = 'starting';
  tally: Tally = new Books().tally();
  readonly rows = new StoredRows();
  readonly pasted: PastedRecords;
  /** Set when the services run. */
  services: (() => ServiceCounts) | undefined;
  /** Set when the services run. Undefined if the record is not in the hub any more. */
  recordOf: ((row: StoredRow) => Promise<RecordView | undefined>) | undefined;
  readonly #letters: KeptLetters;
  readonly #timeline: Timeline;
  readonly #rowSettings: Readonly<Record<string, string>>;
  readonly #problems: string[] = [];

  constructor({ rowSettings, settingsFile, pasted, now = Date.now }: PageStateOptions) {
    this.pasted = pasted;
    this.#letters = new KeptLetters(settingsFile);
    this.#timeline = new Timeline(now);
    this.#rowSettings = rowSettings;
  }

  enter(phase: Phase): void {
    this.#phase = phase;
  }

  readonly onStored = ({ rows, clientRequestId }: StoredCall): void => {
    // The id of the invocation, and a number after the last dot.
    this.rows.add(rows, clientRequestId?.replace(/\.\d+$/, ''));
  };

  readonly onSettled = ({ received, oldestEnqueued = '' }: SettledRecords, tally: Tally): void => {
    this.tally = tally;
    const enqueued = Date.parse(oldestEnqueued);
    this.#timeline.settled(received, Number.isNaN(enqueued) ? undefined : enqueued);
  };

  readonly onLetter = (letter: ReadableLetter): void => this.#letters.add(letter);

  readonly onProblem = (line: string): void => {
    this.#problems.push(line.slice(0, mostOfProblem));
    if (this.#problems.length > mostProblems) this.#problems.shift();
  };

  letters(): readonly LetterView[] {
    return this.#letters.newest();
  }

  counts(): PageCounts {
    return {
      phase: this.#phase,
      messagesInHub: this.services?.().messagesInHub ?? 0,
      rowsStored: this.rows.stored,
      lettersInHub: this.#letters.count,
      tally: this.tally,
      timeline: this.#timeline.columns(),
      rowSettings: this.#rowSettings,
      problems: this.#problems,
    };
  }
}
