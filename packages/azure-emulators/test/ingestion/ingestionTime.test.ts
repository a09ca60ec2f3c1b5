import type { IngestionEmulator, IngestionOptions } from '../../src/ingestion';
import { holds } from '../holds';
import { post, rule, start, storedRows } from './ingestionSetup';

let emulator: IngestionEmulator;

afterEach(() => emulator.stop());

const receipt = Date.parse('2026-11-21T12:00:00Z');

function startAt(options: Partial<IngestionOptions> = {}): Promise<IngestionEmulator> {
  return start({
    now: () => receipt,
    rules: [
      {
        ...rule,
        streams: {
          'Custom-Test': [
            { name: 'TimeGenerated', type: 'datetime' },
            { name: 'Small', type: 'int' },
            { name: 'Big', type: 'long' },
          ],
        },
      },
    ],
    ...options,
  });
}

// Standard columns of Azure Monitor Logs: TimeGenerated older than two days or more than a day ahead of the time of
// receipt is replaced by it.
describe('TimeGenerated', () => {
  test.each(['2026-11-19T12:00:00Z', '2026-11-22T12:00:00.000000Z', '2026-11-21T14:00:00+02:00'])(
    holds('%s is recent enough to be stored as sent', 'ingestion.time-generated'),
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

  test('is unchanged if the stream does not declare it: the transformation of the DCR adds it', async () => {
    emulator = await startAt({
      rules: [{ ...rule, streams: { 'Custom-Test': [{ name: 'Small', type: 'int' }] } }],
    });
    await post(emulator, '[{"Small":1}]');
    expect(await storedRows(emulator)).toEqual(['{"Small":1}']);
  });
});
