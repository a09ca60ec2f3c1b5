import { EventEmitter, once } from 'node:events';
import type { HostLogEntry } from '../../../src/host';

/** Collects a host's log lines and waits for some of them. */
export class Lines {
  readonly #lines: HostLogEntry[] = [];
  readonly #events = new EventEmitter().setMaxListeners(0);

  readonly log = (entry: HostLogEntry): void => {
    this.#lines.push(entry);
    this.#events.emit('line');
  };

  get all(): readonly HostLogEntry[] {
    return this.#lines;
  }

  matching(pattern: RegExp): readonly HostLogEntry[] {
    return this.#lines.filter(({ message }) => pattern.test(message));
  }

  /** What the app told with `context.log('seen', JSON.stringify(what))`, in order. */
  seen(): unknown[] {
    return this.#lines
      .filter(({ message }) => message.startsWith('seen '))
      .map(({ message }): unknown => JSON.parse(message.slice(5)));
  }

  /** Waits until the condition holds. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await once(this.#events, 'line');
    }
  }
}
