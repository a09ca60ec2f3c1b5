import type { Environment, EventHubConnection } from '../../shared/config';
import { openConsumer } from '../azure/hubClients';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { type ReadableLetter, readable } from './readableLetter';
import { endsOf, storedEvents } from './storedEvents';
import { type Found, lettersOf } from './storedLetters';

export interface OpenDeadLetterHub {
  /** Each letter that was in the hub when it was opened. Iterate once. */
  readonly letters: AsyncGenerator<Found, void, undefined>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** @throws UsageError when the hub cannot be reached. */
export async function openDeadLetterHub(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
): Promise<OpenDeadLetterHub> {
  const consumer = openConsumer(connection, hub, environment);
  try {
    const ends = await endsOf(consumer);
    return { letters: lettersOf(storedEvents(consumer, ends)), close: () => consumer.close().catch(() => undefined) };
  } catch (error) {
    await consumer.close();
    throw new UsageError(
      `The dead-letter hub ${hub} cannot be read: ${reasonOf(error)} Check DEAD_LETTER_EVENT_HUB and the connection, and that you may receive from the hub (role Azure Event Hubs Data Receiver).`,
      { cause: error },
    );
  }
}

/** All complete letters of a hub that fits into memory. */
export async function readDeadLetters(connectionString: string, hub: string): Promise<ReadableLetter[]> {
  const deadLetterHub = await openDeadLetterHub({ connectionString }, hub, {});
  try {
    const found: ReadableLetter[] = [];
    for await (const one of deadLetterHub.letters) if (one.kind === 'letter') found.push(await readable(one.letter));
    return found;
  } finally {
    await deadLetterHub.close();
  }
}
