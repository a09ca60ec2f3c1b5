import type { DeadLetter } from '../../shared/delivery/deadLetters';
import { HubError } from '../common/errorText';
import type { DeadLetterWriter } from './deadLetterWriter';
import type { Range } from './messageRange';
import type { Ownership } from './ownership';
import type { SourceMessage } from './partitionMessages';
import type { PartitionStorage, StoredCheckpoint } from './partitionStorage';
import { countMoved, reason, type SetAsideAccount } from './setAsideAccount';

/** Messages between two checkpoints. When the command is killed, the next run writes at most these again, with the same ids. */
const maxMessages = 32;
const maxBytes = 8 * 1024 * 1024;

export interface Move {
  readonly messages: AsyncIterable<SourceMessage>;
  readonly range: Range;
  readonly writer: DeadLetterWriter;
  readonly storage: PartitionStorage;
  readonly hold: Pick<Ownership, 'id' | 'confirm'>;
  readonly checkpoint: StoredCheckpoint | undefined;
  readonly account: SetAsideAccount;
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/**
 * Sets messages aside in steps: wait until the dead letters are acknowledged, confirm the ownership, move the checkpoint.
 * So the checkpoint never passes a message that is not in the dead-letter hub, even if the command is killed halfway.
 * @throws HubError when a step fails; `account` lists the steps that are done.
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
    // Sequence numbers have no gaps, so retention has deleted the missing messages.
    countExpired(account, message.sequenceNumber - next);
    next = message.sequenceNumber + 1;
    waiting.push(message);
    bytes += message.body.length;
    if (waiting.length >= maxMessages || bytes >= maxBytes) await step();
  }
  await step();
  if (!account.stopped) countExpired(account, range.last - next + 1);
  const stored = await means.storage.checkpoint();
  if (stored?.version === checkpoint?.version) return;
  throw new HubError(
    `The host has overwritten the checkpoint with its own (${stored?.sequenceNumber ?? 'none'}). Nothing is lost. Stop the app, then run it again.`,
  );
}

function countExpired(account: SetAsideAccount, messages: number): void {
  account.expired += messages;
  account.asked -= messages;
}

async function settle(
  messages: readonly SourceMessage[],
  checkpoint: StoredCheckpoint | undefined,
  account: SetAsideAccount,
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
      `The checkpoint changed meanwhile (${storage.name}): the app settled messages itself. Those up to ${last.sequenceNumber} are also in the dead-letter hub; nothing is lost. Stop the app, then run it without --yes to see where it stands.`,
    );
  }
  account.checkpointAfter = moved.sequenceNumber;
  for (const [i, { sequenceNumber, body }] of messages.entries())
    countMoved(account, { id: letters[i]?.id ?? '', sequenceNumber, bytes: body.length });
  return moved;
}

/**
 * The id ends in `message` instead of a record index: the app may have written a dead letter of a record of this message,
 * and two letters must not share one id.
 */
function letterOf({ sequenceNumber, body }: SourceMessage, { hub, partition }: SetAsideAccount): DeadLetter {
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
