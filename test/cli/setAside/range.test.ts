import { assert, boolean, integer, option, property, record } from 'fast-check';
import { UsageError } from '../../../cli/common/exit';
import { rangeOf, type Selection } from '../../../cli/setAside/messageRange';

const nothing: Selection = { from: undefined, through: undefined, count: undefined, all: false };
const log = { first: 10, last: 99 };

test.each<[string, Partial<Selection>, number | undefined, ReturnType<typeof rangeOf>]>([
  ['without a name, one batch behind the checkpoint', {}, 49, { first: 50, last: 65, expired: 0 }],
  ['the last batch is as large as what is left', {}, 94, { first: 95, last: 99, expired: 0 }],
  ['so many', { count: 3 }, 49, { first: 50, last: 52, expired: 0 }],
  ['all', { all: true }, 49, { first: 50, last: 99, expired: 0 }],
  ['up to a number', { through: 60 }, 49, { first: 50, last: 60, expired: 0 }],
  ['from and to a number', { from: 50, through: 60 }, 49, { first: 50, last: 60, expired: 0 }],
  ['begun by an earlier run: the rest', { from: 50, through: 60 }, 55, { first: 56, last: 60, expired: 0 }],
  ['done by an earlier run: nothing', { from: 50, through: 60 }, 60, { first: 61, last: 60, expired: 0 }],
  ['no message follows the checkpoint', {}, 99, { first: 100, last: 99, expired: 0 }],
  ['retention has taken some: they are told', { through: 20 }, 4, { first: 10, last: 20, expired: 5 }],
  [
    'without a checkpoint, from the oldest message that is named',
    { from: 10, count: 1 },
    undefined,
    { first: 10, last: 10, expired: 0 },
  ],
])('%s', (_, selection, checkpoint, expected) => {
  expect(rangeOf({ ...nothing, ...selection }, checkpoint, log, 16)).toEqual(expected);
});

test.each<[string, Partial<Selection>, number | undefined, string]>([
  ['a gap', { from: 52, through: 60 }, 49, 'the checkpoint cannot skip the messages 50 to 51'],
  [
    'past the end',
    { through: 100 },
    49,
    '--through 100: there are fewer messages. The checkpoint is at 49, the partition ends at 99; 50 follow it.',
  ],
  ['more than there are', { count: 51 }, 49, '--count 51: there are fewer messages.'],
  ['some of nothing', { count: 1 }, 99, 'no message follows the checkpoint'],
  [
    'a message that retention took',
    { from: 7, through: 20 },
    4,
    '--from 7: retention has deleted that message from the hub; the partition holds 10 to 99.',
  ],
  ['a last message that retention took', { through: 9 }, 4, '--through 9: retention has deleted that message'],
  [
    'a checkpoint beyond the end',
    {},
    100,
    'The checkpoint is at 100, but the partition ends at 99: it belongs to an earlier hub of this name.',
  ],
  ['no checkpoint', {}, undefined, 'There is no checkpoint yet'],
  [
    'no checkpoint, and another message than the oldest',
    { from: 11 },
    undefined,
    'name the oldest message: --from 10.',
  ],
])('rejected, with what can be done: %s', (_, selection, checkpoint, message) => {
  const attempt = (): unknown => rangeOf({ ...nothing, ...selection }, checkpoint, log, 16);
  expect(attempt).toThrow(UsageError);
  expect(attempt).toThrow(message);
});

test('no selection skips a waiting message', () => {
  const number = integer({ min: 0, max: 40 });
  const maybe = option(number, { nil: undefined });
  const selection = record({
    from: maybe,
    through: maybe,
    count: option(integer({ min: 1, max: 40 }), { nil: undefined }),
    all: boolean(),
  });
  assert(
    property(selection, maybe, number, integer({ min: -1, max: 20 }), (asked, checkpoint, first, more) => {
      const last = first + more;
      try {
        const range = rangeOf(asked, checkpoint, { first, last }, 16);
        const next = checkpoint === undefined ? first : checkpoint + 1;
        expect(range.first).toBe(Math.max(next, first));
        expect(range.expired).toBe(range.first - next);
        expect(range.last).toBeLessThanOrEqual(last);
        if (asked.through !== undefined)
          expect(range.last).toBeLessThanOrEqual(Math.max(asked.through, range.first - 1));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
