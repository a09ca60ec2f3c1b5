import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, recordLetter, source, startBench } from './kit/replayBench';
import { accountOf, type Ended, run, start } from './kit/replayCommand';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

function replay(...args: readonly string[]): Promise<Ended> {
  return run('replay', args, bench.folder, bench.environment);
}

const letters = [
  recordLetter(1),
  recordLetter(2, { table: 'DeviceEvents' }),
  recordLetter(3, { reason: 'InvalidJson', table: undefined, scope: 'message', body: Buffer.from('\u001b[2J{"cut') }),
];

describe('npm run replay', () => {
  beforeAll(() => bench.deadLetter(...letters));

  test('list and show print the letters, escaped for a terminal, and send nothing', async () => {
    const [list, show] = await Promise.all([
      replay('list', '--reason', 'badtimestamp', '--table', 'DeviceEvents', '--json'),
      replay('show', `${source}/0/3/0`),
    ]);
    expect(list.stdout).toMatch(
      new RegExp(`^\\S+Z  ${source}/0/2/0  BadTimestamp DeviceEvents  78 bytes  Timestamp: expected a time.\n`),
    );
    expect(list.stdout).toContain('3 dead letters read, 1 matched: 1 written out.');
    expect(accountOf(list)).toMatchObject({ read: 3, matched: 1, shown: 1, sent: 0 });
    expect(list.code).toBe(0);
    expect(show.stdout).toContain('reason:   InvalidJson\n');
    expect(show.stdout).toContain('body:\n\\u001b[2J{"cut\n');
    expect(show.code).toBe(0);
    expect(bench.count()).toBe(0);
  });

  test('export writes the original bytes, and overwrites no file', async () => {
    const file = join(bench.folder, 'letters.ndjson');
    const first = await replay('export', 'letters.ndjson', '--reason', 'InvalidJson');
    expect(first.code).toBe(0);
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
      {
        id: `${source}/0/3/0`,
        enqueued: expect.any(String) as unknown,
        reason: 'InvalidJson',
        step: 'transform',
        error: 'Timestamp: expected a time.',
        scope: 'message',
        body: '\u001b[2J{"cut',
      },
    ]);
    const second = await replay('export', 'letters.ndjson');
    expect(second.stderr).toContain('letters.ndjson cannot be created (EEXIST');
    expect(second.code).toBe(2);
    expect(await readFile(file, 'utf8')).toBe(`${lines.join('\n')}\n`);
  });

  test('send sends each matching letter once; the next run sends only the rest', async () => {
    const dry = await replay('send', '--dry-run', '--json');
    expect(accountOf(dry)).toMatchObject({ wouldSend: 3, sent: 0 });
    expect(bench.count()).toBe(0);
    expect(existsSync(join(bench.folder, 'replay-checkpoint.ndjson'))).toBe(false);

    const one = await replay('send', '--id', `${source}/0/2/0`, '--json');
    expect(accountOf(one)).toMatchObject({ matched: 1, sent: 1 });
    const rest = await replay('send', '--json');
    expect(accountOf(rest)).toMatchObject({ matched: 3, sent: 2, alreadySent: 1 });
    expect(rest.code).toBe(0);
    const replayed = (await bench.published()).map(({ replayOf }) => replayOf);
    expect(replayed).toHaveLength(3);
    expect(new Set(replayed)).toEqual(new Set(letters.map(({ id }) => id)));
    // An upgrade must go on where the version before it ended.
    const [heading] = (await readFile(join(bench.folder, 'replay-checkpoint.ndjson'), 'utf8')).split('\n');
    const namespace = /:\/\/([^/;]+)/.exec(bench.environment.EventHub)?.[1];
    expect(heading).toBe(`{"checkpoint":"replay of network-sessions-dead-letters in ${namespace}"}`);
  });

  test('1 when there is no such letter', async () => {
    const { code, stderr } = await replay('show', 'hub/0/99/0');
    expect(stderr).toContain('There is no letter hub/0/99/0.');
    expect(code).toBe(1);
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    [
      'no connection',
      ['list'],
      { EventHub: '' },
      'EventHub or EventHub__fullyQualifiedNamespace: expected one of them',
    ],
    ['no such hub', ['list'], { DEAD_LETTER_EVENT_HUB: 'nowhere' }, 'The dead-letter hub nowhere cannot be read'],
    ['no task', [], {}, 'Expected list, show ID, export FILE, send or set-aside; found nothing.'],
    ['a wrong time', ['list', '--since', 'today'], {}, '--since: expected a time such as 2026-11-20'],
    ['a file that is no checkpoint', ['send', '--checkpoint', 'other.txt'], {}, 'other.txt is no checkpoint.'],
  ])('2 and what to do, without a stack: %s', async (_, args, environment, message) => {
    await writeFile(join(bench.folder, 'other.txt'), 'other\n');
    const { code, stdout, stderr } = await run('replay', args, bench.folder, { ...bench.environment, ...environment });
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('after a kill the next run continues: every letter is sent, and at most one window of them twice', async () => {
  const other = await startBench();
  try {
    const ids = Array.from({ length: 40 }, (_, i) => recordLetter(i).id);
    await other.deadLetter(...ids.map((_, i) => recordLetter(i)));
    const stall = other.eventHubs.faults.inject({ on: 'send', kind: 'stall', hub: source, after: 20, times: 100 });
    const first = start('replay', ['send'], other.folder, other.environment);
    // The checkpoint has the first 16; four of the next 16 are stored, and the others get no answer.
    while (other.count() < 20 || stall.fired < 12) await sleep(5);
    await first.kill();
    stall.remove();
    const second = await run('replay', ['send', '--json'], other.folder, other.environment);
    expect(accountOf(second)).toMatchObject({ matched: 40, alreadySent: 16, sent: 24 });
    const replayed = (await other.published()).map(({ replayOf }) => replayOf);
    expect(new Set(replayed)).toEqual(new Set(ids));
    expect(replayed).toHaveLength(44);
  } finally {
    await other.stop();
  }
});

test('a hub that rejects letters ends the run with an account and exit code 1', async () => {
  const other = await startBench();
  try {
    await other.deadLetter(recordLetter(1, { id: 'gone/0/1/0' }), recordLetter(2));
    const ended = await run('replay', ['send', '--json'], other.folder, {
      ...other.environment,
      EVENT_HUB_NAMES: `gone,${source}`,
    });
    expect(ended.stderr).toContain('Sending to the hub gone failed:');
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    expect(accountOf(ended)).toMatchObject({ matched: 2, sent: 1, stopped: true });
    expect(ended.code).toBe(1);
    expect(other.count()).toBe(1);
  } finally {
    await other.stop();
  }
});
