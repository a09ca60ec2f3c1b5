import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import type { Config } from '../config';
import { untilAborted } from '../deadline';
import { DeadLetterError } from '../errors/batchErrors';
import { messageOf } from '../errors/messageOf';
import type { DeadLetter, DeadLetters, WriteOptions } from './deadLetters';
import { signedInToHub } from './hubSignIn';
import { managedIdentity } from './managedIdentity';

const gzip = promisify(gzipCallback);

/** Bytes of an event (1 MB, on the Basic tier 256 KB) that are kept free for its properties. */
export const propertyBytes = 65_536;

/** By default the SDK waits 30 s before its first retry, and a lost connection takes the whole timeout. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 1000, timeoutInMs: 15_000 };

type HubConfig = Pick<Config, 'eventHub' | 'deadLetterEventHub'>;

/**
 * Writes dead letters as events of their own hub. The body is the original. The properties are `id`, `reason`, `step`, `error`,
 * `table`, `scope`; also `encoding: gzip` for a large body, `part` and `parts` for one that is still too large. A letter may be
 * stored twice if its first write failed; both copies have the same id.
 * Connects when the first letter is written: most instances never write one.
 */
export class DeadLetterHub implements DeadLetters {
  #connection: Connection | undefined;

  constructor(private readonly config: HubConfig) {}

  async write(letters: readonly DeadLetter[], options: WriteOptions): Promise<void> {
    if (letters.length === 0) return;
    const connection = (this.#connection ??= new Connection(this.config));
    try {
      await untilAborted(
        connection.use((producer) => writeLetters(producer, letters, options)),
        options.signal,
      );
    } catch (cause) {
      // A client that hung once, for example on a token request, may hang forever.
      if (this.#connection === connection) this.#connection = undefined;
      void connection.retire();
      const message = `${letters.length} dead letters could not be written to ${this.config.deadLetterEventHub}: ${messageOf(cause)}`;
      throw new DeadLetterError(message, { cause });
    }
  }

  async close(): Promise<void> {
    await this.#connection?.retire();
  }
}

/** A client shared by batches. After `retire` it is closed as soon as no batch uses it. */
class Connection {
  readonly #producer: Promise<EventHubProducerClient>;
  #users = 0;
  #isRetired = false;

  constructor(config: HubConfig) {
    this.#producer = connect(config);
  }

  async use<T>(work: (producer: EventHubProducerClient) => Promise<T>): Promise<T> {
    this.#users++;
    try {
      return await work(await this.#producer);
    } finally {
      this.#users--;
      if (this.#isRetired) void this.closeIfUnused();
    }
  }

  retire(): Promise<void> {
    this.#isRetired = true;
    return this.closeIfUnused();
  }

  private async closeIfUnused(): Promise<void> {
    if (this.#users > 0) return;
    await this.#producer.then((producer) => producer.close()).catch(() => undefined);
  }
}

/** Resolves when all letters are acknowledged. When it rejects, some may be stored. */
export async function writeLetters(
  producer: EventHubProducerClient,
  letters: readonly DeadLetter[],
  { signal, onAcknowledged }: WriteOptions,
): Promise<void> {
  const newBatch = (): Promise<EventDataBatch> => producer.createBatch({ abortSignal: signal });
  let batch = await newBatch();
  let complete: string[] = [];
  const flush = async (): Promise<void> => {
    await producer.sendBatch(batch, { abortSignal: signal });
    for (const id of complete) onAcknowledged(id);
    complete = [];
  };
  for (const letter of letters) {
    for (const event of await toEvents(letter, batch.maxSizeInBytes - propertyBytes)) {
      if (batch.tryAdd(event)) continue;
      await flush();
      batch = await newBatch();
      if (!batch.tryAdd(event)) throw new Error(`The dead letter ${letter.id} does not fit into an event.`);
    }
    complete.push(letter.id);
  }
  await flush();
}

async function connect({ eventHub, deadLetterEventHub: hub }: HubConfig): Promise<EventHubProducerClient> {
  const { EventHubProducerClient: Producer } = await import('@azure/event-hubs');
  return signedInToHub(
    eventHub,
    async (connectionString) => new Producer(connectionString, hub, { retryOptions }),
    async (namespace, clientId) => new Producer(namespace, hub, await managedIdentity(clientId), { retryOptions }),
  );
}

async function toEvents(letter: DeadLetter, maxBodyBytes: number): Promise<EventData[]> {
  const { id, reason, step, scope } = letter;
  const properties: Record<string, string> = { id, reason, step, scope, error: letter.error.slice(0, 8192) };
  if (letter.table !== undefined) properties['table'] = letter.table.slice(0, 256);
  if (letter.body.length <= maxBodyBytes) return [{ body: Buffer.from(letter.body), properties }];
  const compressed = await gzip(letter.body);
  const parts = Math.ceil(compressed.length / maxBodyBytes);
  return Array.from({ length: parts }, (_, part) => ({
    body: compressed.subarray(part * maxBodyBytes, (part + 1) * maxBodyBytes),
    properties: { ...properties, encoding: 'gzip', part, parts },
  }));
}
