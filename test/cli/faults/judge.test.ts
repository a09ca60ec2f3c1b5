import type { BookedBatch } from '../../../cli/faults/bookedBatch';
import { digestOf, Evidence, type MessagePosition } from '../../../cli/faults/evidence';
import { inspections } from '../../../cli/faults/faultMessages';
import type { RecordTruth } from '../../../cli/faults/faultRecords';
import { afterRules } from '../../../cli/faults/faultRules';
import { type FoundLetter, isWell, type Judgement, judge } from '../../../cli/faults/judge';

/** One event, one unreadable record, one of another table. */
const body = Buffer.from('a message');
const uid = '114bba97-c2b3-584e-8990-e8c7b86b5304';
const session = 'ConnectionSuccess Outbound 10.0.0.1 50000 > 203.0.113.1 443';
const columns = {
  EventSubType: 'ConnectionSuccess',
  NetworkDirection: 'Outbound',
  SrcIpAddr: '10.0.0.1',
  SrcPortNumber: 50_000,
  DstIpAddr: '203.0.113.1',
  DstPortNumber: 443,
};
const truths: readonly RecordTruth[] = [
  { state: 'row', uid, session },
  { state: 'dead', reason: 'NotARecord' },
  { state: 'skipped', key: 'DeviceInfo' },
];
const books: BookedBatch = {
  messages: 1,
  bytesIn: body.length,
  received: 3,
  sent: 1,
  skipped: 1,
  dropped: 0,
  merged: 0,
  duplicates: 0,
  deadLettered: 1,
  droppedByRule: {},
  skippedByTable: { DeviceInfo: 1 },
  deadLetteredByReason: { NotARecord: 1 },
};
const here: MessagePosition = { partition: '0', sequenceNumber: 7 };

/** Ids as the host gives them, by a letter. */
function idOf(letter: string): string {
  return `00000000-0000-4000-8000-${letter.charCodeAt(0).toString().padStart(12, '0')}`;
}

/** A run of one message, told step by step. */
class Story {
  readonly evidence = new Evidence();
  readonly positions = new Map<string, MessagePosition[]>();
  readonly deadLetters = new Map<string, FoundLetter>([['hub/0/7/1', { times: 1, reason: 'NotARecord' }]]);
  #clock = 0;

  constructor(of: readonly RecordTruth[] = truths) {
    this.evidence.producing({ body, truths: of });
    this.positions.set(digestOf(body), [here]);
  }

  given(invocation: string, workerProcessId: number, { partition, sequenceNumber } = here): this {
    const range = { firstSequenceNumber: sequenceNumber, lastSequenceNumber: sequenceNumber };
    const invocationId = idOf(invocation);
    this.evidence.hostDid({
      kind: 'handedOver',
      invocation: { invocationId, functionName: 'f', partitionId: partition, ...range, workerProcessId },
    });
    return this;
  }

  /** The invocation's call stores the row; `isLost` when the sender did not hear of it. */
  stores(invocation: string, isLost = false, row: object = { EventUid: uid, ...columns }): this {
    const at = this.#clock++;
    const answer = { lostAt: isLost ? this.#clock++ : Number.POSITIVE_INFINITY };
    const clientRequestId = `${idOf(invocation)}.${at + 1}`;
    this.evidence.stored({ ruleId: 'dcr-1', rows: [JSON.stringify(row)], at, answer, clientRequestId });
    return this;
  }

  dies(invocation: string): this {
    this.evidence.hostDid({ kind: 'ended', invocationId: idOf(invocation), isWorkerGone: true });
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

  logs(invocation: string, changes: Partial<BookedBatch> = {}): this {
    this.evidence.settledBy(idOf(invocation), { ...books, ...changes });
    return this;
  }

  judged(): Judgement {
    return judge(this.evidence, this.positions, 'hub', this.deadLetters);
  }
}

const explained = { answerLost: 0, crash: 0, moved: 0, copy: 0 };

describe('a run in which everything is stored, dead-lettered and counted', () => {
  test('is well', () => {
    const judgement = new Story().given('a', 1).stores('a').logs('a').checkpointed().judged();
    expect(judgement).toMatchObject({ lost: 0, unexpected: 0, wrong: 0, duplicatesStored: 0, examples: [] });
    expect(isWell(judgement)).toBe(true);
  });

  test('counts a batch that was redelivered after it was settled', () => {
    const story = new Story().given('a', 1).stores('a').logs('a').given('b', 1).logs('b');
    const judgement = story.judged();
    expect(judgement.books).toEqual({
      publishedAgain: 0,
      countedAgain: 3,
      receivedUnexplained: 0,
      wrongBatches: 0,
      uncounted: 0,
    });
    expect(isWell(judgement)).toBe(true);
  });

  test('is the same when the host redelivers a batch under the same invocation id', () => {
    const story = new Story().given('a', 1).stores('a').logs('a').dies('a').given('a', 2).stores('a').logs('a');
    const judgement = story.judged();
    expect(judgement).toMatchObject({ duplicatesExplained: { ...explained, crash: 1 }, books: { countedAgain: 3 } });
    expect(isWell(judgement)).toBe(true);
  });

  test('accepts equal messages that were published several times', () => {
    const story = new Story();
    story.evidence.producing({ body, truths });
    const there = { partition: '0', sequenceNumber: 8 };
    story.positions.set(digestOf(body), [here, there]);
    story.deadLetters.set('hub/0/8/1', { times: 1, reason: 'NotARecord' });
    story.given('a', 1).stores('a').logs('a').given('b', 1, there).logs('b', { sent: 0, duplicates: 1 });
    const judgement = story.judged();
    expect(judgement).toMatchObject({ lost: 0, miscounted: 0, books: { publishedAgain: 0, receivedUnexplained: 0 } });
  });

  test('books a rejected row as dead-lettered, and its copy in the message as a duplicate', () => {
    const rejected: RecordTruth = { state: 'rejected', uid };
    const story = new Story([rejected, rejected]);
    story.deadLetters.clear();
    story.deadLetters.set('hub/0/7/0', { times: 1, reason: 'Refused' });
    const changes = { received: 2, sent: 0, duplicates: 1, skipped: 0, skippedByTable: {} };
    story.given('a', 1).logs('a', { ...changes, deadLetteredByReason: { Refused: 1 } });
    expect(story.judged().miscounted).toBe(0);
  });
});

const rowOf = (action: string, end: string, port: number): RecordTruth => ({
  state: 'row',
  uid: `114bba97-c2b3-584e-8990-e8c7b86b530${end}`,
  session: `2026-01-01T00:00:00.000000Z ${action} Outbound 10.0.0.1 50000 > 203.0.113.1 ${port}`,
});

describe('with drop rules', () => {
  const dropped: RecordTruth = { state: 'dropped', rule: 'secure web' };
  const changes = { received: 1, sent: 0, skipped: 0, skippedByTable: {}, deadLettered: 0, deadLetteredByReason: {} };
  const booked = { ...changes, dropped: 1, droppedByRule: { 'secure web': 1 } };

  function story(): Story {
    const made = new Story([dropped]);
    made.deadLetters.clear();
    return made.given('a', 1);
  }

  test('a record that its rule must drop is well when it is booked under that rule and stored nowhere', () => {
    expect(isWell(story().logs('a', booked).judged())).toBe(true);
  });

  test('its row must not be stored', () => {
    expect(story().stores('a').logs('a', booked).judged().unexpected).toBe(1);
  });

  test('it must be booked under its own rule', () => {
    expect(
      story()
        .logs('a', { ...booked, droppedByRule: { other: 1 } })
        .judged().miscounted,
    ).toBe(1);
    expect(
      story()
        .logs('a', { ...changes, sent: 1 })
        .judged().miscounted,
    ).toBe(1);
  });

  test('what a rule drops is told from the session and the EventUid alone', () => {
    const rows = [
      rowOf('ConnectionFailed', '4', 443),
      rowOf('ConnectionFailed', '5', 443),
      rowOf('SslConnectionInspected', '6', 443),
      rowOf('SslConnectionInspected', '7', 444),
      rowOf('ListeningConnectionCreated', '8', 1),
      rowOf('ConnectionSuccess', '9', 443),
    ];
    const after = afterRules({ body, partitionKey: 'p', truths: rows }).truths;
    expect(after.map((truth) => (truth.state === 'dropped' ? truth.rule : truth.state))).toEqual([
      'row',
      'every second failure',
      'secure web',
      'row',
      'listening sockets',
      'row',
    ]);
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
        story.positions.clear();
        return story;
      },
      // Its row, its unreadable record, and the whole message.
      { lost: 4 },
    ],
    [
      'a dead letter of nobody',
      (story) => {
        story.deadLetters.set('hub/0/9/0', { times: 1, reason: 'NotARecord' });
        return story.given('a', 1).stores('a').logs('a');
      },
      { unexpected: 1 },
    ],
    [
      'a dead letter with another reason',
      (story) => {
        story.deadLetters.set('hub/0/7/1', { times: 1, reason: 'Refused' });
        return story.given('a', 1).stores('a').logs('a');
      },
      { wrong: 1 },
    ],
    [
      'a row that nobody produced',
      (story) => story.given('a', 1).stores('a').stores('a', false, { EventUid: 'another' }).logs('a'),
      { unexpected: 1 },
    ],
    [
      'a row with its ends swapped',
      (story) => {
        const swapped = { SrcIpAddr: '203.0.113.1', SrcPortNumber: 443, DstIpAddr: '10.0.0.1', DstPortNumber: 50_000 };
        return story
          .given('a', 1)
          .stores('a', false, { EventUid: uid, ...columns, ...swapped })
          .logs('a');
      },
      { wrong: 1 },
    ],
    [
      'a row with another direction',
      (story) =>
        story
          .given('a', 1)
          .stores('a', false, { EventUid: uid, ...columns, NetworkDirection: 'Inbound' })
          .logs('a'),
      { wrong: 1 },
    ],
  ])('%s', (_, tell, expected) => {
    const judgement = tell(new Story()).judged();
    expect(judgement).toMatchObject(expected);
    expect(isWell(judgement)).toBe(false);
  });

  test('a rejected row without a dead letter is lost, and so is the row beside it that was not stored', () => {
    const story = new Story().given('a', 1).stores('a').logs('a');
    const rejected = inspections(5, 'key', ['http://example.com/', undefined]);
    story.evidence.producing(rejected);
    story.positions.set(digestOf(rejected.body), [{ partition: '0', sequenceNumber: 8 }]);
    expect(story.judged().lost).toBe(2);
  });

  test.each<[string, Partial<BookedBatch>]>([
    ['that count a record too few', { received: 2, sent: 0 }],
    ['that count a skipped record as sent', { skipped: 0, skippedByTable: {}, sent: 2 }],
    ['that count a sent record as duplicate, though the sum is right', { sent: 0, duplicates: 1 }],
    ['that count a skipped record under another name', { skippedByTable: { DeviceEvents: 1 } }],
    ['that count a dead letter under another reason', { deadLetteredByReason: { BadTimestamp: 1 } }],
    ['that count a byte too many', { bytesIn: body.length + 1 }],
    ['that do not balance', { sent: 2 }],
  ])('books %s', (_, changes) => {
    const judgement = new Story().given('a', 1).stores('a').logs('a', changes).judged();
    expect(judgement.books.wrongBatches).toBe(1);
    expect(isWell(judgement)).toBe(false);
  });

  test('books that count a row as sent before its process has stored it', () => {
    const judgement = new Story().given('a', 1).logs('a').dies('a').given('b', 2).stores('b').logs('b').judged();
    expect(judgement).toMatchObject({ lost: 0, miscounted: 1 });
    expect(judgement.examples).toEqual([expect.stringMatching('1 rows are booked as sent and not stored')]);
  });

  test('books that count a copy as sent, though the process has stored the event for another batch only', () => {
    const there = { partition: '0', sequenceNumber: 8 };
    const story = new Story().given('a', 1).stores('a').logs('a').given('b', 1, there).logs('b');
    story.positions.set(digestOf(body), [here, there]);
    expect(story.judged().miscounted).toBe(1);
  });

  test('a message in no books, and books without an invocation', () => {
    const judgement = new Story().given('a', 1).stores('a').logs('unknown').judged();
    expect(judgement.books).toMatchObject({ uncounted: 1, wrongBatches: 1 });
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

  test('as copy when the hub holds its event twice and different processes received the two', () => {
    const there = { partition: '1', sequenceNumber: 3 };
    const story = first().stores('a').given('b', 2, there).stores('b');
    story.positions.set(digestOf(body), [here, there]);
    expect(story.judged()).toMatchObject({ duplicatesExplained: { ...explained, copy: 1 }, duplicatesUnexplained: 0 });
  });

  test.each<[string, Story]>([
    ['its sender had heard of the first time', first().stores('a').stores('a')],
    [
      'its sender had received the answer, though another process stored it in between',
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
