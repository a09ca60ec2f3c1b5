import type { IngestionEmulator } from '../../src/ingestion';
import { holds } from '../holds';
import { post, rule, start, storedRows, upload } from './ingestionSetup';

let emulator: IngestionEmulator;

beforeAll(async () => {
  emulator = await start();
});

afterAll(() => emulator.stop());

// Types of a stream declaration: string, int, long, real, boolean, datetime, dynamic. What a mismatch does in the
// service is not documented; a sender must never rely on it.
describe('A value must be exactly of its column’s type', () => {
  test.each([
    ['Text', '""'],
    ['Text', '"\\u0000 \\ud83d\\ude00 \\"quoted\\""'],
    ['Small', '2147483647'],
    ['Small', '-2147483648'],
    ['Small', '-0'],
    ['Big', '9223372036854775807'],
    ['Big', '-9223372036854775808'],
    ['Ratio', '1'],
    ['Ratio', '-1.5E-300'],
    ['Flag', 'true'],
    ['Flag', 'false'],
    ['Time', '"2026-11-21T08:15:28.188350Z"'],
    ['Time', '"2024-02-29T23:59:59+05:30"'],
    ['Fields', '{"a":[1,{"b":"]}"}]}'],
    ['Fields', '[]'],
    ['Text', 'null'],
    ['Big', 'null'],
    ['Time', 'null'],
    ['Fields', 'null'],
  ])('%s takes %s', async (column, value) => {
    expect((await post(emulator, `[{"${column}":${value}}]`)).outcome).toBe('204');
  });

  test.each([
    ['Text', '1'],
    ['Text', '{}'],
    ['Text', 'true'],
    ['Small', '2147483648'],
    ['Small', '-2147483649'],
    ['Small', '1.0'],
    ['Small', '1e3'],
    ['Small', '"1"'],
    ['Big', '9223372036854775808'],
    ['Big', '-9223372036854775809'],
    ['Big', '123456789012345678901234567890'],
    ['Big', '1.5'],
    ['Ratio', '1e999'],
    ['Ratio', '"1.5"'],
    ['Flag', '1'],
    ['Flag', '"true"'],
    ['Time', '1763712928'],
    ['Time', '"2026-11-21"'],
    ['Time', '"2026-11-21T08:15:28"'],
    ['Time', '"2026-02-30T08:15:28Z"'],
    ['Time', '"2026-11-21T24:00:00Z"'],
    ['Time', '"2026-11-21T08:15:28+99:00"'],
    ['Time', '"21/11/2026 08:15"'],
    ['Fields', '"{\\"a\\":1}"'],
    ['Fields', '1'],
  ])(holds('%s does not take %s', 'ingestion.dynamic-columns'), async (column, value) => {
    const answer = await post(emulator, `[{"${column}":${value}}]`);
    expect(answer.outcome).toBe('400 EmulatorColumnType');
    expect(answer.body).toContain(`Row 0: column '${column}'`);
  });

  test('a message names row and column, and never the value', async () => {
    const answer = await post(emulator, '[{"Small":1},{"Small":"secret"}]');
    expect(answer.body).toContain("Row 1: column 'Small'");
    expect(answer.body).not.toContain('secret');
  });

  test('a repeated name must fit every time', async () => {
    expect((await post(emulator, '[{"Small":"a","Small":1}]')).outcome).toBe('400 EmulatorColumnType');
  });
});

test('if one of many rows is wrong, none is stored', async () => {
  const own = await start();
  expect(await upload(own, [{ Small: 1 }, { Small: 2 }, { Small: 'three' }])).toBe('400 EmulatorColumnType');
  expect(await storedRows(own)).toEqual([]);
  expect(own.statistics()).toMatchObject({ rejected: { EmulatorColumnType: 1 }, stored: {} });
  await own.stop();
});

// The service drops columns that the stream does not declare, without a word, and bills them.
describe('A column that the stream does not declare', () => {
  test(
    holds('is rejected, and the message says that the service would accept it', 'ingestion.undeclared-columns'),
    async () => {
      const answer = await post(emulator, '[{"Text":"a","Extra":1}]');
      expect(answer.outcome).toBe('400 EmulatorUndeclaredColumn');
      expect(answer.body).toContain('The live service would answer 204');
    },
  );

  test(holds('differs from a declared one by case alone', 'ingestion.column-case'), async () => {
    expect((await post(emulator, '[{"text":"a"}]')).outcome).toBe('400 EmulatorUndeclaredColumn');
  });
});

// The service cuts fields at 64 KB, without a word.
describe('A field above 64 KB', () => {
  test(
    holds('of 65,536 bytes is accepted, of one more is rejected; bytes are counted in UTF-8', 'ingestion.field-size'),
    async () => {
      expect((await post(emulator, `[{"Text":"${'é'.repeat(32_768)}"}]`)).outcome).toBe('204');
      expect((await post(emulator, `[{"Text":"${'é'.repeat(32_768)}a"}]`)).outcome).toBe('400 EmulatorFieldTooLong');
      expect((await post(emulator, `[{"Fields":["${'a'.repeat(65_532)}"]}]`)).outcome).toBe('204');
      expect((await post(emulator, `[{"Fields":["${'a'.repeat(65_533)}"]}]`)).outcome).toBe('400 EmulatorFieldTooLong');
    },
  );

  test('counts as the decoded string, not as it is escaped', async () => {
    expect((await post(emulator, `[{"Text":"${'\\u0061'.repeat(65_536)}"}]`)).outcome).toBe('204');
  });
});

describe('A wrong DCR', () => {
  test.each([
    ['a type the service does not have', { 'Custom-A': [{ name: 'Id', type: 'guid' }] }, /'Id' has type 'guid'/],
    [
      'a column declared twice',
      {
        'Custom-A': [
          { name: 'Id', type: 'int' },
          { name: 'Id', type: 'long' },
        ],
      },
      /'Id' is declared twice/,
    ],
    [
      'a column more than 500',
      { 'Custom-A': Array.from({ length: 501 }, (_, index) => ({ name: `C${index}`, type: 'int' })) },
      /declares 501 columns; the service takes 500/,
    ],
    ['a stream without prefix', { Sessions: [] }, /stream 'Sessions' must begin with/],
    ['a stream that is a path', { 'Custom-../../etc': [] }, /must begin with/],
  ])(holds('%s is an error at the start', 'ingestion.column-types'), async (_, streams, message) => {
    await expect(start({ rules: [{ immutableId: 'dcr-1', streams }] })).rejects.toThrow(message);
  });

  test('the same DCR twice is an error at the start', async () => {
    await expect(start({ rules: [rule, rule] })).rejects.toThrow(/given twice/);
  });

  test('allowedClientIds without clientIdOf is an error at the start', async () => {
    await expect(start({ rules: [{ ...rule, allowedClientIds: [] }] })).rejects.toThrow(/pass clientIdOf/);
  });
});
