import { exec, execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runCommand } from '../e2e/childCommand';
import { commandJson } from '../frozen/commandJson';
import { commands, root } from '../programs';

const folder = mkdtempSync(join(tmpdir(), 'commands-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const widths = [80, 120];
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));
/** A stack trace, or the words of one. */
const stack = /^\s+at /m;

describe.each(commands)('npm run %s', (command) => {
  test.each(widths)('-h prints the usage, in lines of at most %i characters, and exits with 0', async (width) => {
    const { code, stdout, stderr } = await runCommand(command, ['-h'], { environment: { COLUMNS: String(width) } });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: npm (?:run )?\w/);
    expect(widest(stdout)).toBeLessThanOrEqual(width);
  });

  test('has frozen keys of its JSON, if it has --json', async () => {
    const { stdout } = await runCommand(command, ['-h']);
    // It needs the .NET SDK, and its JSON is read by nobody yet.
    const isFrozen = command in commandJson || command === 'interop';
    expect(isFrozen).toBe(stdout.includes('--json'));
  });

  test.each(widths)(
    'an error names an unknown option, with the usage in %i columns, and without a stack',
    async (width) => {
      const { code, stderr } = await runCommand(command, ['--frobnicate'], { environment: { COLUMNS: String(width) } });
      expect(code).toBe(2);
      expect(stderr).toContain('--frobnicate');
      expect(stderr).toContain('Usage: npm ');
      expect(stderr).not.toMatch(stack);
      const [, usage = ''] = /(Usage: [\s\S]*)/.exec(stderr) ?? [];
      expect(widest(usage)).toBeLessThanOrEqual(width);
    },
  );
});

test.each([
  ['map', [folder]],
  ['start', ['--input', folder]],
  ['doctor', ['--settings', folder]],
  ['replay', ['list', '--settings', folder]],
  ['backfill', [folder, '--dry-run', '--checkpoint', folder]],
])('npm run %s says what is wrong with a folder where a file belongs', async (command, args) => {
  const { code, stderr } = await runCommand(command, args);
  expect(code).toBe(2);
  expect(stderr).toContain(folder);
  expect(stderr).not.toMatch(stack);
});

test.each(['build', 'generate', 'kql', 'infra', 'bench', 'memory', 'scale'])(
  "the maintainers' command %s has -h and rejects an unknown option, without a stack",
  async (command) => {
    const run = promisify(execFile);
    const args = ['-r', './cli/supported.cjs', '--import', 'tsx', `scripts/${command}.ts`];
    const { stdout } = await run(process.execPath, [...args, '-h'], { cwd: root });
    expect(stdout).toMatch(/^Usage: npm run /);
    const refused: unknown = await run(process.execPath, [...args, '--frobnicate'], { cwd: root }).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('--frobnicate') as unknown });
    expect(refused).not.toMatchObject({ stderr: expect.stringMatching(stack) as unknown });
  },
);

test('an option that npm took for itself is an error', async () => {
  const environment = { npm_lifecycle_event: 'backfill', npm_config_dry_run: 'true' };
  const { code, stderr } = await runCommand('backfill', [folder], { environment });
  expect(code).toBe(2);
  expect(stderr).toContain(
    'npm took --dry-run for itself. Put -- before the options: npm run backfill -- --dry-run ...',
  );
});

test('an older Node gets an error with the needed version, before anything is loaded', async () => {
  const older = join(folder, 'older.cjs');
  writeFileSync(older, "Object.defineProperty(process.versions, 'node', { value: '18.20.4' });");
  const args = ['-r', older, '-r', './cli/supported.cjs', '-e', 'console.log("loaded")'];
  const refused: unknown = await promisify(execFile)(process.execPath, args, { cwd: root }).catch(
    (error: unknown) => error,
  );
  expect(refused).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'Node 18.20.4 is too old: the commands need Node 20.17 or later.\n',
  });
});

test('the doctor without any setting says which settings it can check', async () => {
  const { code, stderr } = await runCommand('doctor', [], { environment: { EventHub: '', EVENT_HUB_NAMES: '' } });
  expect(code).toBe(2);
  expect(stderr).toContain('npm run doctor -- --settings local.settings.json');
  expect(stderr).toContain('npm run doctor -- --app NAME --resource-group GROUP');
});

test('npm run map --explain prints one line per column when its output is not a terminal', async () => {
  const columns = { Timestamp: '2026-11-20T09:00:00Z', DeviceId: 'd', ReportId: 1, ActionType: 'ConnectionSuccess' };
  const input = JSON.stringify({ category: 'DeviceNetworkEvents', properties: { ...columns, LocalIP: '10.0.0.1' } });
  const { stdout, code } = await runCommand('map', ['-', '--explain'], { input });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^SrcIpAddr = 10\.0\.0\.1 {2}<- .*LocalIP=10\.0\.0\.1 \(address of the source end/m);
  expect(stdout).toMatch(/^SrcGeoCity absent {2}<- .* \(Defender gives no location on these rows\)$/m);
});

test('a file that cannot be read gives one message, even when standard output is a file', async () => {
  const script = `node -r ./cli/supported.cjs --import tsx cli/map.ts ${join(folder, 'none.json')} > ${join(folder, 'out.txt')}`;
  const refused: unknown = await promisify(exec)(script, { cwd: root }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('none.json cannot be read') as unknown });
  expect(refused).not.toMatchObject({ stderr: expect.stringContaining('Standard output') as unknown });
});
