import type { IngestionEmulator, IngestionOptions } from '../../src/ingestion';
import { holds } from '../holds';
import { post, rule, start, storedRows } from './setup';

let emulator: IngestionEmulator;

afterEach(() => emulator.stop());

const receipt = Date.parse('2026-11-21T12:00:00Z');

function startAt(options: Partial<IngestionOptions> = {}): Promise<IngestionEmulator> {
  return start({ now: () => receipt, leniency: { timeGenerated: 'replace' }, ...options });
}

// Standard columns of Azure Monitor Logs: TimeGenerated older than two days or more than a day ahead of the time of
// receipt is replaced by it.
describe('TimeGenerated', () => {
  test.each(['2026-11-19T12:00:00Z', '2026-11-22T12:00:00.000000Z', '2026-11-21T14:00:00+02:00'])(
    holds('%s is near enough to be stored as sent', 'ingestion.time-generated'),
    async (time) => {
      emulator = await startAt();
      await post(emulator, `[{"TimeGenerated": "${time}"}]`);
      expect(await storedRows(emulator)).toEqual([`{"TimeGenerated": "${time}"}`]);
      expect(emulator.statistics().replacedTimes).toBe(0);
    },
  );

  test.each([
    ['too old', '[{"Small":1,"TimeGenerated":"2026-11-19T11:59:59.999Z","Big":9007199254740993}]'],
    ['too far ahead', '[{"Small":1,"TimeGenerated":"2026-11-22T12:00:00.001Z","Big":9007199254740993}]'],
    ['null', '[{"Small":1,"TimeGenerated":null,"Big":9007199254740993}]'],
  ])(holds('that is %s becomes the time of receipt', 'ingestion.time-generated'), async (_, body) => {
    emulator = await startAt();
    await post(emulator, body);
    expect(await storedRows(emulator)).toEqual([
      '{"Small":1,"TimeGenerated":"2026-11-21T12:00:00.000000Z","Big":9007199254740993}',
    ]);
    expect(emulator.statistics().replacedTimes).toBe(1);
  });

  test(holds('that is missing becomes the time of receipt', 'ingestion.time-generated'), async () => {
    emulator = await startAt();
    await post(emulator, '[{"Small":1},{}]');
    expect(await storedRows(emulator)).toEqual([
      '{"TimeGenerated":"2026-11-21T12:00:00.000000Z","Small":1}',
      '{"TimeGenerated":"2026-11-21T12:00:00.000000Z"}',
    ]);
  });

  test('is left alone on request', async () => {
    emulator = await startAt({ leniency: { timeGenerated: 'keep' } });
    await post(emulator, '[{"TimeGenerated":"2001-01-01T00:00:00Z"},{}]');
    expect(await storedRows(emulator)).toEqual(['{"TimeGenerated":"2001-01-01T00:00:00Z"}', '{}']);
  });

  test('is left alone where the stream does not declare it: the rule’s transformation makes it', async () => {
    emulator = await startAt({
      rules: [{ ...rule, streams: { 'Custom-Test': [{ name: 'Small', type: 'int' }] } }],
    });
    await post(emulator, '[{"Small":1}]');
    expect(await storedRows(emulator)).toEqual(['{"Small":1}']);
  });
});

function rowAt(time: string): string {
  return `{"TimeGenerated":"2026-11-21T${time}Z"}`;
}

function nestedIn(column: string): string {
  return `[{"TimeGenerated":"2026-11-21T10:00:00.000000Z","${column}":{"Level2":{"Key":1}}}]`;
}

describe('A table of the auxiliary plan', () => {
  const streams = { 'Custom-Test': [{ name: 'TimeGenerated', type: 'datetime' }] };
  const rules = [{ ...rule, plan: 'auxiliary' as const, streams }];

  // Documented as a known limitation: RecordsTimeRangeIsMoreThan30Minutes, for the whole call.
  test(
    holds('takes a call whose rows span 30 minutes and refuses one that spans more, whole', 'ingestion.auxiliary-span'),
    async () => {
      emulator = await startAt({ rules });
      const exact = `[${rowAt('10:30:00.000000')},${rowAt('10:00:00.000000')}]`;
      const wider = `[${rowAt('10:30:00.001000')},${rowAt('10:00:00.000000')}]`;
      expect((await post(emulator, exact)).outcome).toBe('204');
      expect((await post(emulator, wider)).outcome).toBe('400 RecordsTimeRangeIsMoreThan30Minutes');
      expect(await storedRows(emulator)).toHaveLength(2);
    },
  );

  test.each(['10:00:00', '10:00:00.000', '10:00:00.0000000'])(
    holds('refuses %s, which has not six decimals', 'ingestion.auxiliary-decimals'),
    async (time) => {
      emulator = await startAt({ rules });
      expect((await post(emulator, `[${rowAt(time)}]`)).outcome).toBe('400 EmulatorTimePrecision');
    },
  );

  test(
    holds('takes nested JSON in a dynamic column, and in no column of text', 'ingestion.auxiliary-json'),
    async () => {
      const columns = [...streams['Custom-Test'], { name: 'Bag', type: 'dynamic' }, { name: 'Text', type: 'string' }];
      emulator = await startAt({
        rules: [{ ...rule, plan: 'auxiliary' as const, streams: { 'Custom-Test': columns } }],
      });
      expect((await post(emulator, nestedIn('Bag'))).outcome).toBe('204');
      expect((await post(emulator, nestedIn('Text'))).outcome).toMatch(/^400 /);
    },
  );

  test('an analytics table takes both', async () => {
    emulator = await startAt();
    expect((await post(emulator, `[${rowAt('10:00:00')},${rowAt('11:00:00.1')}]`)).outcome).toBe('204');
  });
});
