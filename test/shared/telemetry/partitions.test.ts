import { Partitions } from '../../../shared/telemetry/partitions';

const minute = 60_000;
const start = Date.parse('2026-11-21T08:00:00Z');

/** A clock set by hand, and the readings of the gauges. */
function setUp() {
  let now = start;
  const partitions = new Partitions(
    () => now,
    () => now,
  );
  return {
    partitions,
    at: (ms: number) => {
      now = start + ms;
    },
    read: () =>
      partitions.readings().map(({ metric, value, attributes }) => {
        const code = 'error.type' in attributes ? ` ${attributes['error.type']}` : '';
        return `${metric} ${attributes['messaging.destination.partition.id']}${code} ${value}`;
      }),
  };
}

/** Messages with these sequence numbers, enqueued so many milliseconds after the start. */
function batch(sequenceNumbers: readonly number[], enqueuedMs: readonly number[], partition = '0') {
  return {
    hub: 'hub',
    partition,
    messages: sequenceNumbers.map((number, i) => {
      const ms = enqueuedMs[i];
      return {
        body: '',
        sequenceNumber: String(number),
        enqueued: ms === undefined ? undefined : new Date(start + ms),
      };
    }),
  };
}
const partition0 = { hub: 'hub', partition: '0' };

describe('oldest age', () => {
  test('while a batch is in flight, it is the age of its first event, whatever the hub says', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10, 11], [0, 1000]));
    at(30_000);
    expect(read()).toEqual(['oldestAge 0 30']);
  });

  test('a held batch counts until it is settled', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [0]));
    partitions.held(batch([10], [0]), 'Forbidden');
    at(10 * minute);
    expect(read()).toContain('oldestAge 0 600');
  });

  test('when everything in the hub is settled, it is 0', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [0]));
    partitions.settled(batch([10], [0]));
    partitions.endsAt(partition0, 10);
    at(5 * minute);
    expect(read()).toEqual(['oldestAge 0 0', 'backlog 0 0']);
  });

  // Event 11 came after the answer that the partition ends with 10, and before the one that it ends with 12.
  test('without a batch, it is the time since the hub last said that there was no such event', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [0]));
    partitions.settled(batch([10], [0]));
    at(minute);
    partitions.endsAt(partition0, 10);
    at(2 * minute);
    partitions.endsAt(partition0, 12);
    at(2 * minute + 1000);
    expect(read()).toEqual(['oldestAge 0 61', 'backlog 0 2']);
  });

  test('it is at most the time since the last settled event was enqueued', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [90_000]));
    partitions.settled(batch([10], [90_000]));
    at(2 * minute);
    partitions.endsAt(partition0, 11);
    expect(read()).toEqual(['oldestAge 0 30', 'backlog 0 1']);
  });

  test('it is not negative when the clock of the hub is ahead', () => {
    const { partitions, read } = setUp();
    partitions.began(batch([10], [5000]));
    expect(read()).toEqual(['oldestAge 0 0']);
  });

  test('it is not reported before the hub was asked', () => {
    const { partitions, read } = setUp();
    partitions.began(batch([10], [0]));
    partitions.settled(batch([10], [0]));
    expect(read()).toEqual([]);
  });
});

describe('backlog', () => {
  test('counts from the event before the batch in flight to the end of the partition', () => {
    const { partitions, read } = setUp();
    partitions.began(batch([10, 11], [0, 0]));
    partitions.endsAt(partition0, 29);
    expect(read()).toContain('backlog 0 20');
  });

  test('a partition that the app has had no batch of is not reported', () => {
    const { partitions, read } = setUp();
    partitions.endsAt(partition0, 29);
    expect([partitions.seen(), read()]).toEqual([[], []]);
  });

  test('a partition without a batch for 15 minutes is forgotten: it has moved to another instance', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [0]));
    partitions.held(batch([10], [0]), 'Forbidden');
    partitions.endsAt(partition0, 29);
    at(15 * minute);
    expect(partitions.seen()).toEqual([partition0]);
    at(15 * minute + 1);
    expect([partitions.seen(), read()]).toEqual([[], []]);
  });
});

const held = (lines: readonly string[]) => lines.filter((line) => line.startsWith('held'));

describe('held', () => {
  test('counts from the first failure of the batch, and is 0 once when it is settled', () => {
    const { partitions, at, read } = setUp();
    const one = batch([10], [0]);
    partitions.began(one);
    partitions.held(one, 'Forbidden');
    at(minute);
    partitions.began(one);
    partitions.held(one, 'Forbidden');
    at(2 * minute);
    expect(held(read())).toEqual(['held 0 Forbidden 120']);
    partitions.settled(one);
    expect(held(read())).toEqual(['held 0 Forbidden 0']);
    expect(held(read())).toEqual([]);
  });

  test('another reason ends the old series with 0 and continues from the same time', () => {
    const { partitions, at, read } = setUp();
    const one = batch([10], [0]);
    partitions.began(one);
    partitions.held(one, 'Forbidden');
    at(minute);
    partitions.held(one, 'Timeout');
    at(2 * minute);
    expect(held(read())).toEqual(['held 0 Forbidden 0', 'held 0 Timeout 120']);
  });

  test('counts the time that has passed even if the clock of the machine is set back', () => {
    const clock = { now: start, elapsed: 0 };
    const partitions = new Partitions(
      () => clock.now,
      () => clock.elapsed,
    );
    partitions.held(batch([10], [0]), 'Forbidden');
    Object.assign(clock, { now: start - 60 * minute, elapsed: minute });
    expect(partitions.readings()).toMatchObject([{ metric: 'held', value: 60 }]);
    clock.elapsed = 16 * minute + 1;
    expect(partitions.readings()).toEqual([]);
  });

  test('each partition has its own', () => {
    const { partitions, at, read } = setUp();
    partitions.began(batch([10], [0], '0'));
    partitions.held(batch([10], [0], '0'), 'Forbidden');
    partitions.began(batch([5], [0], '1'));
    at(1000);
    expect(held(read())).toEqual(['held 0 Forbidden 1']);
  });
});
