import type { HostLogEntry } from 'azure-emulators/host';
import { addTallies, Books, type Tally } from '../../shared/books';

/** Adds up the books that the app logs, one line a settled batch, and passes on what a person should see. */
export class Observer {
  tally: Tally = new Books().tally();
  /** Called after each batch with its own books, and the id of its invocation. */
  onBatch: ((tally: Tally, invocationId: string) => void) | undefined;

  constructor(private readonly print: (line: string) => void) {}

  readonly log = (entry: HostLogEntry): void => {
    const batch = batchOf(entry.message);
    if (batch !== undefined) {
      this.tally = addTallies(this.tally, batch);
      this.onBatch?.(batch, entry.invocationId ?? '');
    } else if (entry.level === 'error' || entry.level === 'critical' || entry.level === 'warning') {
      this.print(`${entry.level}: ${entry.message}`);
    }
  };
}

function batchOf(message: string): Tally | undefined {
  if (!message.startsWith('{"event":"BatchSettled"')) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the app's own line: BatchSettled with the tally.
  return JSON.parse(message) as Tally;
}

/** One line that grows on a terminal; now and then a line of its own elsewhere. */
export class Progress {
  #shown = 0;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly everyMs = out.isTTY ? 100 : 2000,
  ) {}

  show(text: string): void {
    const now = performance.now();
    if (now - this.#shown < this.everyMs) return;
    this.#shown = now;
    // A line that is too long would stay in pieces when the next one replaces it.
    this.out.write(this.out.isTTY ? `\r\u001b[K${text.slice(0, this.out.columns - 1)}` : `${text}\n`);
  }

  end(): void {
    if (this.out.isTTY) this.out.write('\r\u001b[K');
  }
}
