import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { openConsumer } from '../azure/hubClients';
import { type ReadableLetter, readable } from '../deadLetters/readableLetter';
import { lettersOf } from '../deadLetters/storedLetters';

/** Appends the letters of a dead-letter hub to a file as they arrive, one JSON line each; only the owner can read the file. */
export class LetterFile {
  #written = 0;
  #onWritten: (() => void)[] = [];
  readonly #events = new PassThrough({ objectMode: true });
  readonly #consumer;
  readonly #subscription;
  readonly #writing: Promise<void>;

  /** `onError` is called when letters cannot be read or written, `onLetter` for each that was written. */
  constructor(
    connectionString: string,
    hub: string,
    readonly path: string,
    onError: (error: Error) => void,
    private readonly onLetter: (letter: ReadableLetter) => void = () => undefined,
  ) {
    this.#consumer = openConsumer({ connectionString }, hub, {});
    this.#subscription = this.#consumer.subscribe(
      {
        processEvents: async (events) => {
          for (const event of events) if (!this.#events.write(event)) await once(this.#events, 'drain');
        },
        processError: async (error) => onError(error),
      },
      { startPosition: earliestEventPosition, skipParsingBodyAsJson: true },
    );
    this.#writing = this.write().catch((error: unknown) =>
      onError(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** Resolves when the file holds this many letters, or the signal is aborted. */
  async holds(count: number, signal: AbortSignal): Promise<void> {
    while (this.#written < count && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#onWritten.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async close(): Promise<void> {
    await this.#subscription.close();
    this.#events.end();
    await this.#writing;
    await this.#consumer.close();
  }

  private async write(): Promise<void> {
    const events: AsyncIterable<ReceivedEventData> = this.#events;
    for await (const found of lettersOf(events)) {
      if (found.kind !== 'letter') continue;
      const letter = await readable(found.letter);
      await appendFile(this.path, `${JSON.stringify(letter)}\n`, { mode: 0o600 });
      this.#written++;
      this.onLetter(letter);
      for (const resolve of this.#onWritten.splice(0)) resolve();
    }
  }
}
