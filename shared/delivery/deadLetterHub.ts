import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import type { Config } from '../config';
import { type DeadLetter, DeadLetterError, type DeadLetters, type WriteOptions } from './deadLetters';
import { untilAborted } from './deadline';

const gzip = promisify(gzipCallback);

/** Of what one event may take (1 MB, on the Basic tier 256 KB), this much is left for its properties. */
export const propertyBytes = 65_536;

/** The SDK's default waits 30 s before its first retry, and a lost connection costs the whole time-out. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 1000, timeoutInMs: 15_000 };

type HubConfig = Pick<Config, 'eventHub' | 'deadLetterEventHub'>;

/**
 * Dead letters as events of their own hub. The body is the original; what is known about it is in the event's properties:
 * `id`, `reason`, `step`, `error`, `table`, `scope`; `encoding: gzip` for a large body, `part` and `parts` for one that is
 * still too large. A letter whose write failed may be there all the same: the id tells.
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
      // A client that did not answer once (a token request without reply, say) may never answer again.
      if (this.#connection === connection) this.#connection = undefined;
      void connection.retire();
      const message = `${letters.length} dead letters could not be written to ${this.config.deadLetterEventHub}: ${reasonOf(cause)} Check that the hub exists and that the app may send to it.`;
      throw new DeadLetterError(message, { cause });
    }
  }

  async close(): Promise<void> {
    await this.#connection?.retire();
  }
}

/** The SDK puts the errors of all tries into an AggregateError, whose own message is empty. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors.at(-1));
  return error instanceof Error ? error.message : String(error);
}

/** A client that several batches write with; once retired it is closed when the last of them has ended. */
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

/** Resolves when all letters are acknowledged; some may be stored when it rejects. */
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

async function connect({ eventHub, deadLetterEventHub }: HubConfig): Promise<EventHubProducerClient> {
  const { EventHubProducerClient: Producer } = await import('@azure/event-hubs');
  if ('connectionString' in eventHub) {
    return new Producer(withoutEntity(eventHub.connectionString), deadLetterEventHub, { retryOptions });
  }
  const { ManagedIdentityCredential } = await import('@azure/identity');
  const { fullyQualifiedNamespace, clientId } = eventHub;
  const credential =
    clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId });
  return new Producer(fullyQualifiedNamespace, deadLetterEventHub, credential, { retryOptions });
}

/** A connection string may name a hub, which would contradict the one that is asked for. */
export function withoutEntity(connectionString: string): string {
  return connectionString
    .split(';')
    .filter((part) => !/^\s*EntityPath\s*=/i.test(part))
    .join(';');
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
