import { digestOf, Evidence, type Place } from '../../../cli/faults/evidence';
import { isWell, type Judgement, judge } from '../../../cli/faults/judge';
import { refusedColumn, refusedMessage } from '../../../cli/faults/refused';
import { Books, type Tally } from '../../../shared/books';
import { message, recordOf } from '../../shared/kit/batches';

/** One event, one unreadable record, one of another table. */
const body = message(recordOf(1), 'text', { category: 'AdvancedHunting-DeviceInfo', properties: {} });
/** UUIDv5 of `t|DeviceNetworkEvents|d|2026-01-01T00:00:00.0000000Z|1|ConnectionSuccess|||||`, by uuid.uuid5 of Python. */
const uid = '0323a9e3-7494-5f28-bdd2-7a1b3bd3a846';
const row = `{"EventUid":"${uid}"}`;
const books: Tally = { ...new Books().tally(), messages: 1, received: 3, sent: 1, skipped: 1, deadLettered: 1 };
const tally: Tally = { ...books, skippedByTable: { DeviceInfo: 1 }, deadLetteredByReason: { NotARecord: 1 } };
const here: Place = { partition: '0', sequenceNumber: 7 };

/** A run of one message, told step by step. */
class Story {
  readonly evidence = new Evidence(refusedColumn);
  readonly places = new Map<string, Place[]>();
  readonly deadLetters = new Map([['hub/0/7/1', 1]]);
  #clock = 0;

  constructor() {
    this.evidence.producing(body);
    this.places.set(digestOf(body), [here]);
  }

  given(invocationId: string, workerProcessId: number, { partition, sequenceNumber } = here): this {
    const range = { firstSequenceNumber: sequenceNumber, lastSequenceNumber: sequenceNumber };
    const invocation = { invocationId, functionName: 'f', partitionId: partition, ...range, workerProcessId };
    this.evidence.hostDid({ kind: 'handedOver', invocation });
    return this;
  }

  /** The invocation's call stores the row; `isLost` when the sender did not hear of it. */
  stores(invocationId: string, isLost = false): this {
    const at = this.#clock++;
    const answer = { lostAt: isLost ? this.#clock++ : Number.POSITIVE_INFINITY };
    this.evidence.stored({ ruleId: 'dcr-1', rows: [row], at, answer, clientRequestId: `${invocationId}.${at + 1}` });
    return this;
  }

  dies(invocationId: string): this {
    this.evidence.hostDid({ kind: 'ended', invocationId, isWorkerGone: true });
    return this;
  }

  checkpointed(sequenceNumber = 7): this {
    this.evidence.hostDid({ kind: 'checkpoint', partitionId: '0', sequenceNumber });
    return this;
  }

  claimedBy(ownerId: string): this {
    this.evidence.hostDid({ kind: 'claimed', partitionId: '0', ownerId });
    return this;
  }

  logs(invocationId: string, changes: Partial<Tally> = {}): this {
    this.evidence.settledBy(invocationId, { ...tally, ...changes });
    return this;
  }

  judged(): Judgement {
    return judge(this.evidence, this.places, 'hub', this.deadLetters);
  }
}

const explained = { answerLost: 0, crash: 0, moved: 0, copy: 0 };

describe('a run in which everything is stored, set aside and counted', () => {
  test('is well', () => {
    const judgement = new Story().given('a', 1).stores('a').logs('a').checkpointed().judged();
    expect(judgement).toMatchObject({ lost: 0, unexpected: 0, duplicatesStored: 0, examples: [] });
    expect(isWell(judgement)).toBe(true);
  });

  test('counts a batch that came again after it was settled, and says how often', () => {
    const story = new Story().given('a', 1).stores('a').logs('a').given('b', 1).logs('b');
    const judgement = story.judged();
    expect(judgement.books).toEqual({
      publishedAgain: 0,
      countedAgain: 3,
      receivedUnexplained: 0,
      miscounted: 0,
      uncounted: 0,
    });
    expect(isWell(judgement)).toBe(true);
  });

  test('takes equal messages that were published several times for that', () => {
    const story = new Story();
    story.evidence.producing(body);
    const there = { partition: '0', sequenceNumber: 8 };
    story.places.set(digestOf(body), [here, there]);
    story.deadLetters.set('hub/0/8/1', 1);
    story.given('a', 1).stores('a').logs('a').given('b', 1, there).logs('b', { sent: 0, duplicates: 1 });
    expect(story.judged()).toMatchObject({ lost: 0, books: { publishedAgain: 0, receivedUnexplained: 0 } });
  });
});

describe('what is wrong', () => {
  test.each<[string, (story: Story) => Story, Partial<Judgement>]>([
    ['a row that is stored nowhere', (story) => story.given('a', 1).logs('a'), { lost: 1 }],
    [
      'a record that is in no dead letter',
      (story) => {
        story.deadLetters.clear();
        return story.given('a', 1).stores('a').logs('a');
      },
      { lost: 1 },
    ],
    [
      'a message that the hub does not have, with all its records',
      (story) => {
        story.places.clear();
        return story;
      },
      // Its row, its unreadable record, and the whole message.
      { lost: 4 },
    ],
    [
      'a dead letter of nobody',
      (story) => {
        story.deadLetters.set('hub/0/9/0', 1);
        return story.given('a', 1).stores('a').logs('a');
      },
      { unexpected: 1 },
    ],
  ])('%s', (_, tell, expected) => {
    const judgement = tell(new Story()).judged();
    expect(judgement).toMatchObject(expected);
    expect(isWell(judgement)).toBe(false);
  });

  test('a refused row without a dead letter is lost, and so is the row beside it that was not stored', () => {
    const story = new Story().given('a', 1).stores('a').logs('a');
    const refused = refusedMessage(5);
    story.evidence.producing(refused);
    story.places.set(digestOf(refused), [{ partition: '0', sequenceNumber: 8 }]);
    expect(story.judged().lost).toBe(2);
  });

  test.each<[string, Partial<Tally>]>([
    ['that count a record too few', { received: 2, sent: 0 }],
    ['that count a skipped record as sent', { skipped: 0, skippedByTable: {}, sent: 2 }],
    ['that do not balance', { sent: 2 }],
  ])('books %s', (_, changes) => {
    const judgement = new Story().given('a', 1).stores('a').logs('a', changes).judged();
    expect(judgement.books.miscounted).toBe(1);
    expect(isWell(judgement)).toBe(false);
  });

  test('a message that is in nobody’s books, and books of nobody', () => {
    const judgement = new Story().given('a', 1).stores('a').logs('unknown').judged();
    expect(judgement.books).toMatchObject({ uncounted: 1, miscounted: 1 });
    expect(isWell(judgement)).toBe(false);
  });
});

describe('a row that was stored twice is explained', () => {
  const first = (): Story => new Story().claimedBy('x').given('a', 1);

  test.each<[keyof typeof explained, string, Story]>([
    ['answerLost', 'when its sender had not heard of the first time', first().stores('a', true).stores('a')],
    ['crash', 'when the process that had sent it was gone', first().stores('a').dies('a').given('b', 2).stores('b')],
    ['moved', 'when another owner took the partition', first().stores('a').claimedBy('y').given('b', 2).stores('b')],
    ['moved', 'when the old owner was the slower one', first().claimedBy('y').given('b', 2).stores('b').stores('a')],
  ])('as %s %s', (cause, _, story) => {
    expect(story.judged()).toMatchObject({
      duplicatesStored: 1,
      duplicatesExplained: { ...explained, [cause]: 1 },
      duplicatesUnexplained: 0,
    });
  });

  test('as copy when the hub has its event twice, and the two came to different processes', () => {
    const there = { partition: '1', sequenceNumber: 3 };
    const story = first().stores('a').given('b', 2, there).stores('b');
    story.places.set(digestOf(body), [here, there]);
    expect(story.judged()).toMatchObject({ duplicatesExplained: { ...explained, copy: 1 }, duplicatesUnexplained: 0 });
  });

  test.each<[string, Story]>([
    ['its sender had heard of the first time', first().stores('a').stores('a')],
    [
      'its sender had heard of it, though another process stored it in between',
      first().stores('a').claimedBy('y').given('b', 2).stores('b').stores('a'),
    ],
    ['its batch had been checkpointed', first().stores('a').checkpointed().dies('a').given('b', 2).stores('b')],
    ['another process has it, but nobody died and no partition moved', first().stores('a').given('b', 2).stores('b')],
    ['the process died only later', first().stores('a').given('b', 2).stores('b').dies('a')],
    ['the call is of no known invocation', first().stores('a').dies('a').stores('nobody')],
    [
      'the call comes from a batch without the event',
      first().stores('a').dies('a').given('b', 2, { partition: '0', sequenceNumber: 99 }).stores('b'),
    ],
  ])('not when %s', (_, story) => {
    const judgement = story.judged();
    expect(judgement.duplicatesUnexplained).toBe(1);
    expect(isWell(judgement)).toBe(false);
  });
});
