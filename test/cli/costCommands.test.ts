import { runCommand } from '../e2e/childCommand';
import { commandJson } from '../frozen/commandJson';

const record = (time: string, port: number): string =>
  JSON.stringify({
    category: 'DeviceNetworkEvents',
    properties: { Timestamp: time, DeviceId: 'd', ReportId: port, ActionType: 'ConnectionSuccess', RemotePort: port },
  });
/** Two events, an hour apart. */
const twoEvents = `${record('2026-11-20T09:00:00Z', 443)}\n${record('2026-11-20T10:00:00Z', 444)}\n`;

function lastJson(stdout: string): Record<string, unknown> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the tests look at its keys.
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Record<string, unknown>;
}

function widest(stdout: string): number {
  const lines = stdout.trimEnd().split('\n');
  return Math.max(...lines.filter((line) => !line.startsWith('{')).map((line) => line.length));
}

const map = (args: readonly string[], input = twoEvents, environment: Readonly<Record<string, string>> = {}) =>
  runCommand('map', ['-', '--cost', ...args], { input, environment: { COLUMNS: '80', ...environment } });

const cost = (args: readonly string[], input = '', environment: Readonly<Record<string, string>> = {}) =>
  runCommand('cost', args, { input, environment: { COLUMNS: '80', ...environment } });

describe('npm run map -- --cost', () => {
  test('prints tables in 80 columns and ends with the frozen keys of its JSON; the tally is on stderr', async () => {
    const { code, stdout, stderr } = await map(['--json']);
    expect(code).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    const { savings, ...json } = lastJson(stdout);
    expect({ savings, ...json }).toEqual(commandJson.mapCost);
    expect(savings).toEqual(expect.arrayContaining([commandJson.mapCostSaving]));
    // Two events in an hour are 1,460 in 730 hours.
    expect(json['eventsPerMonth']).toBeCloseTo(1460, 6);
    expect(stdout).toContain('span 1 h');
    expect(stderr).toContain('2 records in 2 messages: 2 rows');
  });

  test('a setting to try is the difference between a run without and a run with it', async () => {
    const [tried, set] = await Promise.all([
      map(['--json', '--devices', '10', '--try', 'OMIT_COLUMNS=EventMessage']),
      map(['--json', '--devices', '10'], twoEvents, { OMIT_COLUMNS: 'EventMessage' }),
    ]);
    const [before, after] = [tried, set].map(({ stdout }) => lastJson(stdout));
    // EventMessage is ConnectionSuccess, 17 bytes.
    expect(Number(before?.['bytesPerRow']) - Number(after?.['bytesPerRow'])).toBeCloseTo(17, 6);
    expect(before?.['savings']).toEqual([
      expect.objectContaining({ name: 'OMIT_COLUMNS=EventMessage', bytesPerRow: after?.['bytesPerRow'] }),
    ]);
  });

  test('each rule of a file is tried, and drops nothing from what is priced', async () => {
    const { code, stdout } = await map(['--json', '--rules', 'infra/rules/examples.json']);
    expect(code).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    const { rows, savings } = lastJson(stdout);
    expect(rows).toBe(2);
    const tried = expect.arrayContaining(
      ['rule loopback', 'all rules', 'together'].map((name) => expect.objectContaining({ name }) as unknown),
    ) as unknown;
    expect(savings).toEqual(tried);
  });

  test('an empty file has nothing to price', async () => {
    const { stdout, stderr } = await map(['--json'], '');
    expect(stdout).toContain('No record became a row, so there is nothing to price.');
    expect(lastJson(stdout)).toMatchObject({ rows: 0, bytesPerRow: 0, gbPerMonth: null, costPerMonth: null });
    expect(stderr).toContain('No record became a row.');
  });

  test('one event says nothing about a month, and everything about a row', async () => {
    const { code, stdout } = await map(['--json'], record('2026-11-20T09:00:00Z', 443));
    expect(code).toBe(0);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('give --devices, --events-per-day or --files-per-day');
    const { bytesPerRow, gbPerMonth } = lastJson(stdout);
    expect(bytesPerRow).toBeGreaterThan(100);
    expect(gbPerMonth).toBeNull();
  });

  test.each([
    [['--devices', '0'], '--devices: expected a whole number from 1'],
    [['--devices', '5', '--events-per-day', '5'], '--devices, --events-per-day: expected at most one of them'],
    [['--events-per-device', '5'], '--events-per-device needs --devices'],
    [['--plan', 'gold'], '--plan: expected Analytics, Sentinel, Basic, Auxiliary; found "gold"'],
    [['--price', 'gold=1'], '--price: expected NAME=USD'],
    [['--days', '0'], '--days: expected a whole number from 1'],
    [['--try', 'LEVEL=9'], '--try: expected NAME=VALUE with a setting that changes rows'],
    [['--try', 'ADDITIONAL_FIELDS=some'], 'ADDITIONAL_FIELDS: expected'],
    [['--explain'], '--explain and --cost: expected one of them'],
  ])('%j is refused with what was expected', async (args, message) => {
    const { code, stdout, stderr } = await map(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('its options without --cost are an error, not silently ignored', async () => {
    const { code, stderr } = await runCommand('map', ['-', '--devices', '5', '--days', '9'], { input: twoEvents });
    expect(code).toBe(2);
    expect(stderr).toContain('--devices, --days: only together with --cost.');
  });
});

describe('npm run cost', () => {
  test('prints tables in 80 columns and ends with the frozen keys of its JSON', async () => {
    const { code, stdout } = await cost(['--devices', '1000', '--json']);
    expect(code).toBe(0);
    expect(widest(stdout)).toBeLessThanOrEqual(80);
    expect(lastJson(stdout)).toEqual(commandJson.cost);
    expect(stdout).toContain('an assumption');
  });

  test('measures the events of a file', async () => {
    const { code, stdout } = await cost(['--devices', '10', '-', '--json'], twoEvents);
    expect(code).toBe(0);
    expect(lastJson(stdout)).toMatchObject({ measured: { rowsPerRecord: 1, recordsPerMessage: 1 } });
  });

  test('settings of the environment that make rows smaller make the bill smaller', async () => {
    const [full, minimal] = await Promise.all([
      cost(['--devices', '1000', '--json']),
      cost(['--devices', '1000', '--json'], '', { ADDITIONAL_FIELDS: 'minimal' }),
    ]);
    const [before, after] = [full, minimal].map(({ stdout }) => Number(lastJson(stdout)['gbPerMonth']));
    expect(after).toBeLessThan(0.8 * (before ?? 0));
  });

  test.each([
    [[], 'Say how many devices: --devices N.'],
    [['--devices', 'many'], '--devices: expected a whole number from 1'],
    [['--devices', '5', '--events-per-device', '0'], '--events-per-device: expected a whole number'],
    [['--devices', '5', '--busy-hours', '0.5'], '--busy-hours: expected a number from 1 to 999'],
    [['--devices', '5', 'a', 'b'], 'Name at most one file'],
    [['--devices', '5', 'nowhere.json'], 'nowhere.json cannot be read (ENOENT'],
    [['--devices', '5', '-'], 'no record became a row'],
  ])('%j is refused with what was expected', async (args, message) => {
    const { code, stdout, stderr } = await cost(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
