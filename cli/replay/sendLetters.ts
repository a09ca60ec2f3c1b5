import type { CheckpointFile } from '../common/checkpointFile';
import type { StoredLetter } from '../deadLetters/storedLetters';
import { damaged, matchingLetters, name, type Reading } from './matchingLetters';
import { partitionKey, replayMessage, sourceHub } from './replayMessage';

/** Letters in flight. When the command is killed, the next run sends at most these again. */
export const windowSize = 16;

export interface Sending extends Reading {
  /** Hubs that the app reads, in lower case: nothing is sent to another. */
  readonly hubs: ReadonlySet<string>;
  readonly isDryRun: boolean;
  /** Ids of letters that were sent before; those sent here are added. */
  readonly sentIds: Set<string>;
  readonly checkpoint: Pick<CheckpointFile, 'append'>;
  readonly senders: Sender;
  /** Called for a letter that an earlier run has sent. */
  readonly onAlreadySent?: (letter: StoredLetter) => void;
  /** Called after each window. */
  readonly onProgress: () => void;
}

/** Stores an event; resolves to false when it is larger than the hub allows. */
export interface Sender {
  send(hub: string, event: Awaited<ReturnType<typeof replayMessage>>, key: string): Promise<boolean>;
}

interface Waiting {
  readonly letter: StoredLetter;
  readonly hub: string;
}

/** Sends each matching letter that was not sent before, and notes it once it is stored. @throws what the sender throws. */
export async function sendLetters(sending: Sending): Promise<void> {
  const { account, hubs, isDryRun, sentIds, warn } = sending;
  let window: Waiting[] = [];
  for await (const letter of matchingLetters(sending)) {
    const hub = sourceHub(letter.id);
    if (sentIds.has(letter.id)) {
      account.alreadySent++;
      sending.onAlreadySent?.(letter);
    } else if (hub === undefined || !hubs.has(hub.toLowerCase())) {
      account.otherHub++;
      warn(`${name(letter)}: not sent, the app does not read its hub. Name the hub in EVENT_HUB_NAMES.`);
    } else if (isDryRun) account.wouldSend++;
    else window.push({ letter, hub });
    if (window.length < windowSize) continue;
    await sendWindow(window, sending);
    window = [];
  }
  await sendWindow(window, sending);
}

async function sendWindow(window: readonly Waiting[], sending: Sending): Promise<void> {
  const { account, sentIds, checkpoint, onProgress } = sending;
  const stored: string[] = [];
  const attempts = await Promise.allSettled(
    window.map(async ({ letter, hub }) => {
      if (await sendLetter(letter, hub, sending)) stored.push(letter.id);
    }),
  );
  // Even when one of them failed: stored letters must not be sent again.
  const sent = new Date().toISOString();
  await checkpoint.append(stored.map((id) => ({ id, sent })));
  for (const id of stored) sentIds.add(id);
  account.sent += stored.length;
  onProgress();
  const failed = attempts.find((attempt) => attempt.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function sendLetter(letter: StoredLetter, hub: string, sending: Sending): Promise<boolean> {
  const { account, senders, warn } = sending;
  const message = await replayMessage(letter).catch((error: unknown) => damaged(sending, letter, error));
  if (message === undefined) return false;
  const isStored = await senders.send(hub, message, partitionKey(letter.id));
  if (!isStored) {
    account.tooLarge++;
    warn(`${name(letter)}: not sent, it is larger than an event of ${hub} may be. You can export it.`);
  }
  return isStored;
}
