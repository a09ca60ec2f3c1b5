import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { commandJson } from '../frozen/commandJson';
import { programOf, root } from '../programs';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function map(
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [programOf('map'), ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  child.stdin.end(input);
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { code, stdout, stderr };
}

const good =
  '{"category":"DeviceNetworkEvents","properties":{"Timestamp":"2026-11-20T09:14:33Z","ActionType":"ConnectionSuccess"}}';

describe('npm run map', () => {
  let folder = '';
  const writeRules = (...rules: readonly object[]): Promise<void> =>
    writeFile(join(folder, 'rules.json'), JSON.stringify({ rules }));
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'map-'));
    await writeFile(join(folder, 'good.json'), good);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('rows on stdout, the tally on stderr, 0 when all is well', async () => {
    const { code, stdout, stderr } = await map([join(folder, 'good.json')]);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ TimeGenerated: '2026-11-20T09:14:33.000000Z' });
    expect(stderr).toContain('1 record in 1 message: 1 row, 0 skipped, 0 duplicates, 0 dead letters');
    expect(code).toBe(0);
  });

  test('1 when a record became a dead letter; --json puts the tally last on stdout', async () => {
    const { code, stdout, stderr } = await map(['-', '--json'], `${good}\nnonsense\n`);
    const lines = stdout.trim().split('\n');
    expect(lines).toHaveLength(2);
    const tally: unknown = JSON.parse(lines[1] ?? '');
    expect(tally).toEqual(commandJson.map);
    expect(tally).toMatchObject({
      received: 2,
      sent: 1,
      deadLetteredByReason: { InvalidJson: 1 },
    });
    expect(stderr).toContain('stdin/line/2/0: InvalidJson: Not valid JSON');
    expect(code).toBe(1);
  });

  describe('--rules', () => {
    const drops = { name: 'all', action: 'drop', when: 'row.EventSubType == "ConnectionSuccess"' };

    test('says which rule took which record, and counts them; a dropped record has no row', async () => {
      await writeRules({ name: 'dry run', action: 'count', when: 'true' }, drops);
      const { code, stdout, stderr } = await map(['-', '--rules', join(folder, 'rules.json')], good);
      expect(stdout).toBe('');
      expect(stderr).toContain('stdin/line/1/0: dropped by rule "all"; counted by rule "dry run"');
      expect(stderr).toContain('1 record in 1 message: 0 rows, 0 skipped, 1 dropped, 0 duplicates, 0 dead letters');
      expect(stderr).toContain('dropped, by rule:\n  1 all');
      expect(stderr).toContain('counted by rules, and not dropped:\n  1 dry run');
      expect(code).toBe(0);
    });

    test('with --json says it as JSON, an object for each record', async () => {
      await writeRules(drops);
      const { stdout, stderr } = await map(['-', '--rules', join(folder, 'rules.json'), '--json'], good);
      expect(JSON.parse(stderr.split('\n')[0] ?? '')).toEqual({
        position: 'stdin/line/1/0',
        droppedBy: 'all',
        countedBy: [],
        failedIn: [],
      });
      expect(JSON.parse(stdout)).toMatchObject({ dropped: 1, droppedByRule: { all: 1 } });
    });

    test('with --explain says it at the record', async () => {
      await writeRules({ ...drops, when: '1 / 0 == 1' });
      const { stdout } = await map(['-', '--rules', join(folder, 'rules.json'), '--explain'], good);
      expect(stdout).toContain('Rules: error in rule "all", which does not drop it');
    });

    test('tells which rules were switched off because they took too long, in words and as JSON', async () => {
      const list = `[${Array.from({ length: 100 }, () => 1).join(',')}]`;
      // Ten thousand times a pattern over a long text: longer than 15 ms on any machine.
      const pattern = 'record.InitiatingProcessCommandLine.matches("([a-z]?){40}[0-9]$")';
      await writeRules({ ...drops, name: 'slow', when: `${list}.exists(a, ${list}.exists(b, ${pattern}))` });
      const long = good.replace('}}', `,"InitiatingProcessCommandLine":"${'a1'.repeat(1000)}x"}}`);
      const rules = ['--rules', join(folder, 'rules.json'), '--json'];
      const input = `${long}\n`.repeat(5);
      const [plain, cost] = await Promise.all([map(['-', ...rules], input), map(['-', '--cost', ...rules], input)]);
      const told = 'Switched off, because they took too long: "slow".';
      expect([plain.code, cost.code]).toEqual([1, 1]);
      expect(plain.stderr).toContain(told);
      expect(JSON.parse(plain.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        rulesSwitchedOff: ['slow'],
        ruleErrorsByRule: { slow: 3 },
      });
      expect(cost.stdout.replaceAll(/\s+/g, ' ')).toContain(told);
      expect(cost.stdout.replaceAll(/\s+/g, ' ')).toContain('Rule "slow" threw for 3 records, which it does not drop.');
      expect(JSON.parse(cost.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
        rulesSwitchedOff: ['slow'],
        ruleErrorsByRule: { slow: 3 },
      });
    });

    test('says that the path of a missing file begins at the current folder', async () => {
      const { code, stderr } = await map(['-', '--rules', 'none.json'], good);
      expect(stderr).toContain('there is no such file. The path begins at the current folder');
      expect(code).toBe(2);
    });

    test('lists everything that is wrong with the file, and exits with 2', async () => {
      await writeRules({ ...drops, when: 'row.X == 1' }, { name: 'b', action: 'c', when: 'true' });
      const { code, stderr } = await map(['-', '--rules', join(folder, 'rules.json')], good);
      expect(stderr).toContain('rule "all", line 1, column 1: row has no column X.');
      expect(stderr).toContain('rule "b": action: expected drop, count or sample; found "c".');
      expect(code).toBe(2);
    });

    test('DROP_RULES_FILE names a file of the package, as in the app', async () => {
      const loopback = good.replace('}}', ',"LocalIP":"127.0.0.1","RemoteIP":"127.0.0.1"}}');
      const { stderr } = await map(['-'], loopback, { DROP_RULES_FILE: 'infra/rules/examples.json' });
      expect(stderr).toContain('dropped, by rule:\n  1 loopback');
    });
  });

  test('2 for a CSV file with an open quote; the rows before it and their tally are printed first', async () => {
    const csv = 'Timestamp,DeviceId,ActionType\n2026-11-20T09:00:00Z,d,ConnectionSuccess\n2026-11-20T09:00:01Z,"d,x\n';
    const { code, stdout, stderr } = await map(['-', '--table', 'DeviceNetworkEvents'], csv);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('1 record in 1 message: 1 row');
    expect(stderr).toContain('Standard input: line 3: a quote opens here and is never closed.');
    expect(code).toBe(2);
  });

  test('wrong settings are listed one per line, within 80 columns, with what to do', async () => {
    const wrong = { URL_REDACTION: 'some', ADDITIONAL_FIELDS: 'x'.repeat(60), PROXY_ADDRESSES: 'a, b' };
    const { code, stderr } = await map(['-'], '', { ...wrong, COLUMNS: '80' });
    expect(stderr).toMatch(/^3 settings are wrong:\n {2}- /);
    for (const name of Object.keys(wrong)) expect(stderr).toContain(`\n  - ${name}: expected `);
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('docs/settings.md describes each setting.');
    expect(Math.max(...stderr.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    expect(code).toBe(2);
  });

  test.each([
    ['no file named', [], {}, 'Name one file, or - for standard input.'],
    ['no such file', ['nowhere.json'], {}, 'nowhere.json cannot be read (ENOENT'],
    ['an unknown option', ['-', '--colour'], {}, "Unknown option '--colour'"],
    [
      'a wrong setting',
      ['-'],
      { URL_REDACTION: 'some' },
      'URL_REDACTION: expected none, credentials, query; found "some".',
    ],
  ])('2 and what to do, without a stack: %s', async (_, args, environment, message) => {
    const { code, stdout, stderr } = await map(args, '', environment);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});
