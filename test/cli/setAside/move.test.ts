import { HubError } from '../../../cli/common/errorText';
import { move } from '../../../cli/setAside/moveMessages';
import type { SourceMessage } from '../../../cli/setAside/partitionMessages';
import type { PartitionStorage, StoredCheckpoint } from '../../../cli/setAside/partitionStorage';
import { newAccount, type SetAsideAccount } from '../../../cli/setAside/setAsideAccount';
import type { DeadLetter } from '../../../shared/delivery/deadLetters';

interface Means {
  /** What the hub still holds. */
  readonly sequenceNumbers: readonly number[];
  readonly write?: (letters: readonly DeadLetter[]) => Promise<void>;
  readonly confirm?: () => Promise<void>;
  readonly signal?: AbortSignal;
}

interface Moved {
  readonly account: SetAsideAccount;
  /** What happened, in order. */
  readonly steps: readonly string[];
  readonly error: unknown;
}

/** Sets the messages 5 to 8 aside. */
async function moveFiveToEight({ sequenceNumbers, write, confirm, signal }: Means): Promise<Moved> {
  const steps: string[] = [];
  const account = newAccount({ hub: 'h', partition: '0', consumerGroup: 'g', deadLetterHub: 'd' }, false);
  account.asked = 4;
  let stored: StoredCheckpoint = { sequenceNumber: 4, version: '4' };
  const storage: PartitionStorage = {
    name: 'storage',
    checkpoint: async () => stored,
    owner: async () => undefined,
    claim: async () => undefined,
    moveCheckpoint: async ({ sequenceNumber }) => {
      steps.push(`checkpoint ${sequenceNumber}`);
      stored = { sequenceNumber, version: String(sequenceNumber) };
      return stored;
    },
  };
  async function* messages(): AsyncGenerator<SourceMessage> {
    for (const sequenceNumber of sequenceNumbers) yield { sequenceNumber, offset: '0', body: Buffer.from('abc') };
  }
  const error: unknown = await move({
    messages: messages(),
    range: { first: 5, last: 8, expired: 0 },
    writer: {
      write: async (letters) => {
        await write?.(letters);
        steps.push(`letters ${letters.map(({ id }) => id).join(' ')}`);
      },
      close: async () => undefined,
    },
    storage,
    hold: { id: 'set-aside-1', confirm: async () => confirm?.() },
    checkpoint: stored,
    account,
    onProgress: () => undefined,
    signal: signal ?? new AbortController().signal,
  }).catch((reason: unknown) => reason);
  return { account, steps, error };
}

test('letters are written before the checkpoint', async () => {
  const { account, steps, error } = await moveFiveToEight({ sequenceNumbers: [5, 6, 7, 8] });
  expect(error).toBeUndefined();
  expect(steps).toEqual(['letters h/0/5/message h/0/6/message h/0/7/message h/0/8/message', 'checkpoint 8']);
  expect(account).toMatchObject({ messages: 4, bytes: 12, firstSequenceNumber: 5, lastSequenceNumber: 8, expired: 0 });
});

test('without acknowledgement the checkpoint stays, and no message counts as set aside', async () => {
  const { account, steps, error } = await moveFiveToEight({
    sequenceNumbers: [5, 6, 7, 8],
    write: async () => {
      throw new HubError('busy');
    },
  });
  expect(error).toBeInstanceOf(HubError);
  expect(steps).toEqual([]);
  expect(account).toMatchObject({ messages: 0, bytes: 0, ids: [], checkpointAfter: undefined });
});

test('when the partition is lost, the checkpoint stays', async () => {
  const { account, steps, error } = await moveFiveToEight({
    sequenceNumbers: [5, 6, 7, 8],
    confirm: async () => {
      throw new HubError('taken');
    },
  });
  expect(error).toBeInstanceOf(HubError);
  expect(steps).toHaveLength(1);
  expect(account.messages).toBe(0);
});

test.each([
  ['at the beginning', [7, 8], 2, 2],
  ['at the end', [5, 6], 2, 2],
  ['all of them', [], 0, 4],
])('messages that retention takes meanwhile are counted as lost: %s', async (_, sequenceNumbers, messages, expired) => {
  const { account, error } = await moveFiveToEight({ sequenceNumbers });
  expect(error).toBeUndefined();
  expect(account).toMatchObject({ messages, expired, asked: messages });
});

test('Ctrl-C finishes the messages already read and leaves the rest', async () => {
  const stopping = new AbortController();
  async function stop(): Promise<void> {
    stopping.abort();
  }
  const before = await moveFiveToEight({ sequenceNumbers: [5, 6, 7, 8], signal: AbortSignal.abort() });
  expect(before.steps).toEqual([]);
  expect(before.account).toMatchObject({ stopped: true, messages: 0, expired: 0 });
  const during = await moveFiveToEight({ sequenceNumbers: [5, 6, 7, 8], write: stop, signal: stopping.signal });
  expect(during.account).toMatchObject({ messages: 4, stopped: false });
});
