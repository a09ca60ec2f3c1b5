import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { type EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { openConsumer } from '../azure/hubClients';
import { readable } from '../deadLetters/readableLetter';
import { lettersOf } from '../deadLetters/storedLetters';

/** Writes the letters of a dead-letter hub to a file as they come, a JSON line each, readable for its owner only. */
export class LetterFile {
  #written = 0;
  #tellWritten: (() => void)[] = [];
  readonly #events = new PassThrough({ objectMode: true });
  readonly #subscription: ReturnType<EventHubConsumerClient['subscribe']>;
  readonly #writing: Promise<void>;

  private constructor(
    private readonly consumer: EventHubConsumerClient,
    readonly path: string,
    onError: (error: Error) => void,
  ) {
    this.#subscription = consumer.subscribe(
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

  /** `onError` hears of what keeps letters from the file. */
  static async open(
    connectionString: string,
    hub: string,
    path: string,
    onError: (error: Error) => void,
  ): Promise<LetterFile> {
    return new LetterFile(await openConsumer({ connectionString }, hub, {}), path, onError);
  }

  /** Resolves when so many letters are in the file, or the signal is aborted. */
  async holds(count: number, signal: AbortSignal): Promise<void> {
    while (this.#written < count && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#tellWritten.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async close(): Promise<void> {
    await this.#subscription.close();
    this.#events.end();
    await this.#writing;
    await this.consumer.close();
  }

  private async write(): Promise<void> {
    const events: AsyncIterable<ReceivedEventData> = this.#events;
    for await (const found of lettersOf(events)) {
      if (found.kind !== 'letter') continue;
      await appendFile(this.path, `${JSON.stringify(await readable(found.letter))}\n`, { mode: 0o600 });
      this.#written++;
      for (const tell of this.#tellWritten.splice(0)) tell();
    }
  }
}
