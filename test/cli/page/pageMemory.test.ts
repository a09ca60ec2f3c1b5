import * as fc from 'fast-check';
import { KeptLetters } from '../../../cli/page/keptLetters';
import { StoredRows } from '../../../cli/page/storedRows';
import { Timeline } from '../../../cli/page/timeline';

const any = { text: '', actionType: undefined, direction: undefined, result: undefined, limit: 500 };

function row(columns: object): string {
  return JSON.stringify({ TimeGenerated: '2026-11-20T09:14:33.482190Z', ...columns });
}

describe('stored rows', () => {
  const rows = new StoredRows();
  rows.add(
    [
      row({
        EventSubType: 'ConnectionSuccess',
        NetworkDirection: 'Outbound',
        EventResult: 'Success',
        UrlOriginal: 'https://A.example/',
      }),
      row({ EventSubType: 'ConnectionFailed', NetworkDirection: 'Outbound', EventResult: 'Failure' }),
      row({ EventSubType: 'ConnectionSuccess', EventResult: 'Success', FilePath: 'C:\\Windows\\a.exe' }),
    ],
    'invocation',
  );
  const idsOf = (filter: object): number[] => rows.find({ ...any, ...filter }).rows.map(({ id }) => id);

  test.each([
    [{}, [3, 2, 1]],
    [{ actionType: 'ConnectionSuccess' }, [3, 1]],
    [{ direction: 'Outbound' }, [2, 1]],
    [{ direction: '' }, [3]],
    [{ result: 'Failure' }, [2]],
    [{ actionType: 'ConnectionSuccess', direction: 'Outbound' }, [1]],
    [{ text: 'a.EXAMPLE' }, [1]],
    [{ text: 'c:\\windows' }, [3]],
    [{ text: '"' }, []],
    [{ limit: 1 }, [3]],
  ])('the filter %j finds the rows %j, newest first', (filter, ids) => {
    expect(idsOf(filter)).toEqual(ids);
  });

  test('each filter offers the values of the kept rows, with how many have each; no value is a choice too', () => {
    expect(rows.find(any).choices).toEqual({
      actionType: [
        ['ConnectionSuccess', 2],
        ['ConnectionFailed', 1],
      ],
      direction: [
        ['Outbound', 2],
        ['', 1],
      ],
      result: [
        ['Success', 2],
        ['Failure', 1],
      ],
    });
  });

  test('the newest 2,000 rows are kept, and of 32 million characters at most; ids go on', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 6 }), (calls) => {
        const kept = new StoredRows();
        for (const count of calls)
          kept.add(
            Array.from({ length: count }, () => '{}'),
            undefined,
          );
        const stored = calls.reduce((sum, count) => sum + count, 0);
        expect(kept.find(any)).toMatchObject({ stored, kept: Math.min(stored, 2000) });
        expect(kept.get(stored)?.id).toBe(stored === 0 ? undefined : stored);
        expect(kept.get(stored - 2000)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
    const large = new StoredRows();
    const megabyte = JSON.stringify({ a: 'x'.repeat(1_000_000) });
    for (let i = 0; i < 50; i++) large.add([megabyte], undefined);
    expect(large.find(any)).toMatchObject({ stored: 50, kept: 33 });
  });
});

test('the timeline has every second of the last ten minutes, with the records and the longest delay of each', () => {
  let now = 1_000_000;
  const timeline = new Timeline(() => now);
  timeline.settled(5, now - 400);
  timeline.settled(2, now - 700);
  now += 2000;
  timeline.settled(1, undefined);
  expect(timeline.columns()).toEqual({ seconds: [1000, 1001, 1002], records: [7, 0, 1], delayMs: [700, null, null] });
  now += 599_000;
  timeline.settled(9, undefined);
  const { seconds, records } = timeline.columns();
  expect(seconds).toHaveLength(600);
  expect([seconds[0], seconds.at(-1)]).toEqual([1002, 1601]);
  expect(records.filter((count) => count > 0)).toEqual([1, 9]);
});

describe('dead letters', () => {
  const letter = {
    id: 'hub-1/0/12/3',
    enqueued: '2026-11-20T09:14:33.000Z',
    reason: 'BadTimestamp',
    step: 'transform',
    error: 'e',
    scope: 'record',
    body: '{}',
  };

  test('a dead letter has the commands that show it, send it again, and repair it first', () => {
    const letters = new KeptLetters('out/run-1/local.settings.json');
    letters.add(letter);
    expect(letters.newest()[0]?.commands).toEqual({
      show: 'npm run replay -- show hub-1/0/12/3 --settings out/run-1/local.settings.json',
      send: 'npm run replay -- send --id hub-1/0/12/3 --settings out/run-1/local.settings.json',
      repair:
        'npm run replay -- export repaired.json --id hub-1/0/12/3 --body --settings out/run-1/local.settings.json',
      sendRepaired:
        'npm run replay -- send --file repaired.json --id hub-1/0/12/3 --settings out/run-1/local.settings.json',
    });
  });

  test.each(['x; rm -rf ~', '$(id)', 'a b', '`id`', '"', "'", 'a\nb', '\u202e'])(
    'an id that a shell could read as more than a word is in no command: %j',
    (id) => {
      const letters = new KeptLetters('s.json');
      letters.add({ ...letter, id });
      expect(letters.newest()[0]?.commands).toBeUndefined();
    },
  );

  test('the newest 200 are kept, with bodies of at most 20,000 characters', () => {
    const letters = new KeptLetters('s.json');
    for (let i = 0; i < 250; i++) letters.add({ ...letter, id: `h/0/${i}/0`, body: 'x'.repeat(30_000) });
    expect(letters.count).toBe(250);
    expect(letters.newest()).toHaveLength(200);
    expect(letters.newest()[0]).toMatchObject({ id: 'h/0/249/0' });
    expect(letters.newest()[0]?.body.length).toBeLessThan(20_100);
  });
});
