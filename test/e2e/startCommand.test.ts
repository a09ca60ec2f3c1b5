import { exec } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EventHubProducerClient } from '@azure/event-hubs';
import { fieldsOf } from '../../shared/fieldsOf';
import { commandJson } from '../frozen/commandJson';
import { lastLine, root, runCommand, start } from './childCommand';

const folder = mkdtempSync(join(tmpdir(), 'start-test-'));
const outputs: string[] = [];

afterAll(() => {
  for (const path of [folder, ...outputs]) rmSync(path, { recursive: true, force: true });
});

/** The JSON of a run whose output folder goes when the tests end. */
function resultOf(stdout: string): Record<string, unknown> {
  const result = lastLine(stdout);
  outputs.push(String(result['out']));
  return result;
}

/** Files in a folder, and the folder itself, that anybody but their owner may read. */
function readableByOthers(path: string): string[] {
  const inside = readdirSync(path).map((name) => join(path, name));
  return [path, ...inside.filter((file) => statSync(file).isFile())].filter(
    (file) => (statSync(file).mode & 0o077) !== 0,
  );
}

/** Without what differs from run to run: times, the folder, ids of a time, a port that was free. */
function withoutTimes(line: string): string {
  return line
    .replaceAll(/\d[\d,.]* (?=s:|records a second)/g, 'N ')
    .replace(/\d+ telemetry items/, 'N telemetry items')
    .replace(/127\.0\.0\.1:\d+/, '127.0.0.1:N');
}

describe('npm start', () => {
  test('prints what README.md shows of it', async () => {
    const { code, stdout } = await runCommand('start', ['--once'], { environment: { COLUMNS: '80' } });
    expect(code).toBe(0);
    const [, block = ''] =
      /<!-- output:begin -->\n```\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
    const shown = block.split('\n').filter((line) => line !== '' && line !== '...');
    expect(shown.length).toBeGreaterThan(40);
    const printed = new Set(stdout.split('\n').map(withoutTimes));
    expect(shown.filter((line) => !printed.has(withoutTimes(line)))).toEqual([]);
    outputs.push(dirname(/^\S+Custom-NetworkSessions\.ndjson$/m.exec(stdout)?.[0] ?? folder));
  });

  test('uses the settings of the environment that change rows, and rejects a wrong one before it starts anything', async () => {
    const environment = { ADDITIONAL_FIELDS: 'everything' };
    const rejected = await runCommand('start', ['--once', '--events', '100'], { environment });
    expect({ code: rejected.code, stdout: rejected.stdout }).toEqual({ code: 2, stdout: '' });
    expect(rejected.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'ADDITIONAL_FIELDS: expected full, lean, process, minimal; found "everything".',
    );
    const args = ['--once', '--json', '--events', '100'];
    const { code, stdout } = await runCommand('start', args, { environment: { ADDITIONAL_FIELDS: 'minimal' } });
    expect(code).toBe(0);
    const rows = readFileSync(join(String(resultOf(stdout)['out']), 'Custom-NetworkSessions.ndjson'), 'utf8');
    expect(rows).toContain('"DeviceId":');
    expect(rows).not.toContain('"MachineGroup":');
  });

  test('streams generated records through the built app and accounts for every one of them', async () => {
    const { code, stdout, stderr } = await runCommand('start', ['--once', '--json', '--events', '3000', '--seed', '7']);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    const result = resultOf(stdout);
    expect(result).toEqual(commandJson.start);
    expect(result).toMatchObject({ received: 3000, dropped: 0, merged: 0 });
    const states = ['sent', 'skipped', 'duplicates', 'deadLettered'].map((state) => Number(result[state]));
    expect(states.reduce((sum, count) => sum + count, 0)).toBe(3000);
    expect(result['rowsStored']).toBe(result['sent']);
    const file = join(String(result['out']), 'Custom-NetworkSessions.ndjson');
    expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(Number(result['sent']));
    expect(stdout).toContain('Everything is accounted for');
  });

  const captured = resolve(root, '..', 'shared', 'samples', 'defender-captured.ndjson');
  (existsSync(captured) ? test : test.skip)('takes captured events end to end: 18 rows of 31 records', async () => {
    const { code, stdout } = await runCommand('start', ['--once', '--json', '--input', captured]);
    expect(code).toBe(0);
    expect(resultOf(stdout)).toMatchObject({ messages: 5, received: 31, sent: 18, skipped: 13, rowsStored: 18 });
  });

  test('unreadable messages become dead letters with their bytes, all others become rows', async () => {
    const input = join(folder, 'mixed.ndjson');
    const good = {
      category: 'AdvancedHunting-DeviceNetworkEvents',
      tenantId: '11111111-2222-3333-4444-555555555555',
      properties: {
        ActionType: 'ConnectionSuccess',
        DeviceId: 'a',
        Timestamp: '2026-11-21T08:15:28Z',
        ReportId: 1,
        LocalIP: '10.0.0.1',
      },
    };
    writeFileSync(input, `{"broken":\n${JSON.stringify({ records: [good, { properties: {} }] })}\n`);
    const { code, stdout } = await runCommand('start', ['--once', '--json', '--input', input]);
    expect(code).toBe(0);
    const result = resultOf(stdout);
    expect(result).toMatchObject({ received: 3, sent: 1, deadLetteredByReason: { InvalidJson: 1, NoCategory: 1 } });
    const letters = readFileSync(join(String(result['out']), 'dead-letters.ndjson'), 'utf8');
    expect(letters).toContain(String.raw`"body":"{\"broken\":"`);
    // They hold user names and command lines. Windows has no such modes.
    if (process.platform !== 'win32') expect(readableByOthers(String(result['out']))).toEqual([]);
  });

  test('keeps running, settles events of any Event Hubs client, and stops cleanly on Ctrl-C', async () => {
    const running = start('start', ['--events', '50', '--json']);
    await running.printed('Still running');
    outputs.push(String(/"out":"([^"]+)"/.exec(running.stdout())?.[1]));
    const connectionString = /Endpoint=\S+/.exec(running.stdout())?.[0] ?? '';
    const producer = new EventHubProducerClient(connectionString);
    await producer.sendBatch([
      { body: Buffer.from('{"records":[{"category":"AdvancedHunting-DeviceInfo","properties":{}}]}') },
    ]);
    await producer.close();
    await running.printed('1 message: 1 record, 1 skipped');

    // Every line that it invites to copy does what stands above it.
    const [snippet = '', backfill = '', replay = '', doctor = '', send = ''] =
      running.stdout().match(/^ {2}(?:node|npm|NODE_).*$/gm) ?? [];
    await promisify(exec)(snippet, { cwd: root });
    await running.printed('1 message: 1 record, 1 sent');
    const file = join(folder, 'two.json');
    writeFileSync(file, '{"records":[5,6]}');
    const { stdout: published } = await promisify(exec)(backfill.replaceAll('FILE', file), { cwd: root });
    expect(published).toContain('Published');
    await running.printed('2 dead-lettered');
    const { stdout: letters } = await promisify(exec)(replay, { cwd: root });
    expect(letters).toContain('2 dead letters read');
    const { stdout: found } = await promisify(exec)(doctor, { cwd: root });
    expect(found).toContain(' 0 wrong');
    // The record of --send passes the hub, the app, the DCR and the workspace; each step has a delay.
    const { stdout: sent } = await promisify(exec)(`${send} --json`, { cwd: root });
    const { seconds, ...counts } = resultOf(sent);
    expect(counts).toMatchObject({ ok: 3, wrong: 0, unknown: 0 });
    const delays = Object.entries(fieldsOf(seconds));
    expect(delays.map(([step, delay]) => [step, typeof delay])).toEqual(
      ['sent', 'settled', 'received', 'stored', 'found'].map((step) => [step, 'number']),
    );
    running.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('Stopping');
  });

  test('stopped during the stream, prints the books until then and exits with 1', async () => {
    const running = start('start', ['--events', '300000']);
    await running.printed('the built app runs in its own process');
    running.kill('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(1);
    expect(stdout).toContain('Stopped before every batch was settled');
    expect(stdout).toContain('deadLettered');
  });
});

describe('npm start says what to do when it cannot start (exit code 2)', () => {
  test.each([
    [['--frobnicate'], /frobnicate/],
    [['--events', 'many'], /--events: expected a whole number from 0 to 1000000000; found "many"/],
    [['--input', join(folder, 'none.ndjson')], /none\.ndjson cannot be read .*Name a file, or - for standard input/],
  ])('%j', async (args, message) => {
    const { code, stderr } = await runCommand('start', args);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test('names a port that is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolveListening) => server.listen(0, '127.0.0.1', resolveListening));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { code, stderr } = await runCommand('start', ['--port', String(port)]);
    await new Promise((resolveClosed) => server.close(resolveClosed));
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`${port}`));
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});
