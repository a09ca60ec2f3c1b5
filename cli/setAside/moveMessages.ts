import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { HubError } from '../azure/hubError';
import type { DeadLetterWriter } from './deadLetterWriter';
import type { Range } from './messageRange';
import type { Hold } from './ownership';
import type { SourceMessage } from './partitionMessages';
import type { PartitionStorage, StoredCheckpoint } from './partitionStorage';
import { type Account, countMoved, type Moved, reason } from './setAsideAccount';

/** Messages between two checkpoints. When the command is killed, at most these are written once more, with the same ids. */
export const maxMessages = 32;
const maxBytes = 8 * 1024 * 1024;

export interface Move {
  readonly messages: AsyncIterable<SourceMessage>;
  readonly range: Range;
  readonly writer: DeadLetterWriter;
  readonly storage: PartitionStorage;
  readonly hold: Pick<Hold, 'id' | 'confirm'>;
  readonly checkpoint: StoredCheckpoint | undefined;
  readonly account: Account;
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/**
 * Sets messages aside in steps: dead letters acknowledged, partition still owned, checkpoint moved; then the next ones.
 * Killed anywhere, it leaves the checkpoint before messages that are not in the dead-letter hub.
 * @throws HubError when a step fails; what was counted is done.
 */
export async function move({ messages, range, account, signal, onProgress, ...means }: Move): Promise<void> {
  let { checkpoint } = means;
  let waiting: SourceMessage[] = [];
  let bytes = 0;
  let next = range.first;
  const step = async (): Promise<void> => {
    if (waiting.length > 0) checkpoint = await settle(waiting, checkpoint, account, means);
    waiting = [];
    bytes = 0;
    onProgress();
  };
  for await (const message of messages) {
    if (signal.aborted) {
      account.stopped = true;
      break;
    }
    // Numbers in a partition have no gaps: retention took what is missing.
    miss(account, message.sequenceNumber - next);
    next = message.sequenceNumber + 1;
    waiting.push(message);
    bytes += message.body.length;
    if (waiting.length >= maxMessages || bytes >= maxBytes) await step();
  }
  await step();
  if (!account.stopped) miss(account, range.last - next + 1);
  const stored = await means.storage.checkpoint();
  if (stored?.version === checkpoint?.version) return;
  throw new HubError(
    `The host has written its own checkpoint (${stored?.sequenceNumber ?? 'none'}) over this one. Nothing is lost. Stop the app, then run it again.`,
  );
}

function miss(account: Account, messages: number): void {
  account.expired += messages;
  account.asked -= messages;
}

async function settle(
  messages: readonly SourceMessage[],
  checkpoint: StoredCheckpoint | undefined,
  account: Account,
  { writer, hold, storage }: Pick<Move, 'writer' | 'hold' | 'storage'>,
): Promise<StoredCheckpoint | undefined> {
  const last = messages.at(-1);
  if (last === undefined) return checkpoint;
  const letters = messages.map((message) => letterOf(message, account));
  await writer.write(letters);
  await hold.confirm();
  const moved = await storage.moveCheckpoint(last, hold.id, checkpoint);
  if (moved === undefined) {
    throw new HubError(
      `The checkpoint changed meanwhile (${storage.name}): the app settled messages itself. Those up to ${last.sequenceNumber} are in the dead-letter hub, too; nothing is lost. Stop the app, then run it without --yes to see where it stands.`,
    );
  }
  account.checkpointAfter = moved.sequenceNumber;
  for (const [i, message] of messages.entries()) countMoved(account, movedOf(message, letters[i]?.id ?? ''));
  return moved;
}

function movedOf({ sequenceNumber, body }: SourceMessage, id: string): Moved {
  return { id, sequenceNumber, bytes: body.length };
}

/**
 * `message` stands in the place of the record index: a dead letter that the app has written of a record of this message
 * has the index, and one id must not stand for both.
 */
function letterOf({ sequenceNumber, body }: SourceMessage, { hub, partition }: Account): DeadLetter {
  return {
    id: `${hub}/${partition}/${sequenceNumber}/message`,
    reason,
    step: 'setAside',
    error: 'Set aside by a person with npm run replay -- set-aside, before the app had settled it.',
    table: undefined,
    scope: 'message',
    body,
  };
}
