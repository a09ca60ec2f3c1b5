import type { HostLogEntry } from 'azure-emulators/host';
import { addTallies, Books, type Tally } from '../../shared/books';

/** The line of a settled batch. */
export interface SettledBatch extends Tally {
  /** When the hub stored its oldest message: ISO 8601, if the host told. */
  readonly oldestEnqueued?: string;
}

/** Adds up the books that the app logs, one line for each settled batch, and prints its errors and warnings. */
export class BatchObserver {
  tally: Tally = new Books().tally();
  /** Called after each batch with its own books and the id of its invocation. */
  onBatch: ((tally: Tally, invocationId: string) => void) | undefined;
  /** Called after each batch with its line and the books so far. */
  onSettled: ((batch: SettledBatch, tally: Tally) => void) | undefined;

  constructor(private readonly print: (line: string) => void) {}

  readonly log = ({ level, message, invocationId = '' }: HostLogEntry): void => {
    if (message.startsWith('{"event":"BatchSettled"')) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the app's own line: BatchSettled with the tally.
      const batch = JSON.parse(message) as SettledBatch;
      this.tally = addTallies(this.tally, batch);
      this.onBatch?.(batch, invocationId);
      this.onSettled?.(batch, this.tally);
    } else if (level === 'error' || level === 'critical' || level === 'warning') this.print(`${level}: ${message}`);
  };
}
