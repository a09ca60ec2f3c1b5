import type { Environment, EventHubConnection } from '../../shared/config';
import { propertyBytes, writeLetters } from '../../shared/delivery/deadLetterHub';
import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { openProducer } from '../azure/hubClients';
import { HubError, reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';

/** The client alone would retry for minutes. */
const patienceMs = 60_000;

/** Writes dead letters as the app does, signed in as the person who runs the command. */
export interface DeadLetterWriter {
  /** Resolves when all of them are acknowledged. @throws HubError; some may be stored all the same. */
  write(letters: readonly DeadLetter[]): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** @throws UsageError when the hub cannot be written to, or its events are too small. */
export async function openWriter(
  connection: EventHubConnection,
  hub: string,
  environment: Environment,
): Promise<DeadLetterWriter> {
  const producer = openProducer(connection, hub, environment);
  const close = async (): Promise<void> => producer.close().catch(() => undefined);
  try {
    const { maxSizeInBytes } = await producer.createBatch();
    if (maxSizeInBytes < 2 * propertyBytes) {
      throw new UsageError(
        `The dead-letter hub ${hub} takes events of at most ${maxSizeInBytes} bytes; a dead letter needs ${2 * propertyBytes}. Name another hub in DEAD_LETTER_EVENT_HUB.`,
      );
    }
  } catch (error) {
    await close();
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `The dead-letter hub ${hub} cannot be written to: ${reasonOf(error)} Check DEAD_LETTER_EVENT_HUB, and that you may send to the hub (role Azure Event Hubs Data Sender).`,
      { cause: error },
    );
  }
  return {
    close,
    write: async (letters) => {
      try {
        const signal = AbortSignal.timeout(patienceMs);
        await writeLetters(producer, letters, { signal, onAcknowledged: () => undefined });
      } catch (cause) {
        throw new HubError(`Writing to the dead-letter hub ${hub} failed: ${reasonOf(cause)}`, { cause });
      }
    },
  };
}
