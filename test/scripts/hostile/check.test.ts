import { generateHostile, type HostileMessage, type HostileOutcome } from 'defender-samples/hostile';
import { checkHostile, isWell } from '../../../scripts/hostile/check';
import { Memory } from '../../../scripts/hostile/memoryUse';

const good = '{"category":"DeviceNetworkEvents","properties":{"Timestamp":"2026-11-20T09:14:33Z"}}';
const bad = '{"category":"DeviceNetworkEvents","properties":{"Timestamp":"yesterday"}}';

function message(text: string, ...outcomes: readonly HostileOutcome[]): HostileMessage {
  return { body: Buffer.from(text), outcomes };
}

describe('the check of a run over hostile messages', () => {
  test('passes when everything is as generated', async () => {
    const account = await checkHostile(
      [message(good, 'row'), message(`[${bad},${good},${good}]`, 'BadTimestamp', 'duplicate', 'duplicate')],
      4,
    );
    expect(account).toMatchObject({ produced: 4, differences: [], balances: true, rowsChecked: 1, brokenRows: 0 });
    expect(isWell(account)).toBe(true);
  });

  test.each<[string, HostileMessage[], string[]]>([
    [
      'a record that nobody counted',
      [message(`[${good},null]`, 'row')],
      [
        'hostile/line/1/1: no record became NotARecord (Expected an object, found null.)',
        'records: 1 made, 2 found',
        'NotARecord: 0 made, 1 found',
      ],
    ],
    [
      'a lost record',
      [message(`[${good}]`, 'row', 'row')],
      ['records: 2 made, 1 found', 'rows: 2 made, 1 found', 'rows written: 2 made, 1 found'],
    ],
    [
      'a row where a record should have been skipped',
      [message(good, 'skipped')],
      ['rows: 0 made, 1 found', 'rows written: 0 made, 1 found', 'skipped: 1 made, 0 found'],
    ],
    [
      'a dead letter for another reason',
      [message(bad, 'NoCategory')],
      [
        'hostile/line/1/0: NoCategory became BadTimestamp (Timestamp is not an ISO 8601 time; the row would have no TimeGenerated.)',
        'NoCategory: 1 made, 0 found',
        'BadTimestamp: 0 made, 1 found',
      ],
    ],
    [
      'two records whose dead letters changed places',
      [message(`[${bad},null]`, 'NotARecord', 'BadTimestamp')],
      [
        'hostile/line/1/0: NotARecord became BadTimestamp (Timestamp is not an ISO 8601 time; the row would have no TimeGenerated.)',
        'hostile/line/1/1: BadTimestamp became NotARecord (Expected an object, found null.)',
      ],
    ],
    [
      'a message that never came',
      [message(good, 'row'), message('', 'EmptyMessage')],
      ['messages: 2 made, 1 found', 'records: 2 made, 1 found', 'EmptyMessage: 1 made, 0 found'],
    ],
  ])('tells of %s', async (_, messages, differences) => {
    const account = await checkHostile(messages, 2);
    expect(account.differences).toEqual(differences);
    expect(isWell(account)).toBe(false);
  });

  test('fails when a row breaks a rule, the books do not balance, or memory grew', async () => {
    const account = await checkHostile(generateHostile({ records: 50, seed: 1 }), 50);
    expect(isWell(account)).toBe(true);
    expect(isWell({ ...account, brokenRows: 1 })).toBe(false);
    expect(isWell({ ...account, balances: false })).toBe(false);
    expect(isWell({ ...account, memory: { ...account.memory, isFlat: false } })).toBe(false);
  });
});

describe('memory', () => {
  const mebibyte = 2 ** 20;
  function measured(sizes: Readonly<Record<number, number>>) {
    let now = 0;
    const memory = new Memory(1_000_000, () => now);
    for (const [done, size] of Object.entries(sizes)) {
      now = size * mebibyte;
      memory.at(Number(done));
    }
    return memory.use();
  }

  test('is reported at a tenth, half and all of the records, and at its peak', () => {
    expect(measured({ 50_000: 90, 100_000: 100, 300_000: 210, 500_000: 150, 1_000_000: 120 })).toEqual({
      atTenth: 100,
      atHalf: 150,
      atEnd: 120,
      peak: 210,
      isFlat: true,
    });
  });

  test.each([
    [214, true],
    [215, false],
  ])('of 100 MiB at a tenth may be %i MiB at the end: %s', (atEnd, isFlat) => {
    expect(measured({ 100_000: 100, 1_000_000: atEnd }).isFlat).toBe(isFlat);
  });
});
