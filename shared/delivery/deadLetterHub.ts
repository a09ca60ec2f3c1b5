import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { EventData, EventHubProducerClient } from '@azure/event-hubs';
import type { Config } from '../config';
import type { DeadLetter, DeadLetters } from './deadLetters';

const gzip = promisify(gzipCallback);

/** Of the 1,048,576 bytes that one event may take, the rest is for its properties. */
const maxBodyBytes = 900_000;

/** The SDK's default waits 30 s before its first retry; a held batch is retried by the host anyway. */
const retryOptions = { maxRetries: 2, retryDelayInMs: 1000, timeoutInMs: 20_000 };

/**
 * Dead letters as events of their own hub. The body is the original; what is known about it is in the event's properties:
 * `id`, `reason`, `step`, `error`, `table`, `scope`; `encoding: gzip` for a large body, `part` and `parts` for one that is
 * still too large. Connects when the first letter is written: most instances never write one.
 */
export function createDeadLetterHub(config: Pick<Config, 'eventHub' | 'deadLetterEventHub'>): DeadLetters {
  let client: Promise<EventHubProducerClient> | undefined;
  return {
    async write(letters) {
      if (letters.length === 0) return;
      client ??= connect(config);
      const producer = await client;
      const events = (await Promise.all(letters.map(toEvents))).flat();
      let batch = await producer.createBatch();
      for (const event of events) {
        if (batch.tryAdd(event)) continue;
        await producer.sendBatch(batch);
        batch = await producer.createBatch();
        if (!batch.tryAdd(event))
          throw new Error(`A dead letter of ${String(event.properties?.['id'])} does not fit into an event.`);
      }
      await producer.sendBatch(batch);
    },
    async close() {
      await (await client)?.close();
    },
  };
}

async function connect({
  eventHub,
  deadLetterEventHub,
}: Pick<Config, 'eventHub' | 'deadLetterEventHub'>): Promise<EventHubProducerClient> {
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

/** A connection string may name a hub, which would contradict the dead-letter hub. */
function withoutEntity(connectionString: string): string {
  return connectionString
    .split(';')
    .filter((part) => !/^\s*EntityPath\s*=/i.test(part))
    .join(';');
}

async function toEvents(letter: DeadLetter): Promise<EventData[]> {
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
