import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { generateHostile } from 'defender-samples/hostile';
import { commandJson } from '../../frozen/commandJson';
import { programOf, root } from '../../programs';

function command(name: string, args: readonly string[]) {
  const child = spawn(process.execPath, [programOf(name), ...args], { cwd: root });
  const exit = new Promise<number | null>((done) => child.once('exit', done));
  const ended = Promise.all([exit, text(child.stderr)]).then(([code, stderr]) => ({ code, stderr }));
  return { child, ended };
}

describe('npm run hostile', () => {
  test('writes messages that map reads one by one, with nothing added or lost on the way', async () => {
    const records = 400;
    const made = [...generateHostile({ records, seed: 7 })];
    const rows = made.flatMap(({ outcomes }) => outcomes).filter((outcome) => outcome === 'row').length;
    const hostile = command('hostile', ['--records', String(records), '--seed', '7']);
    const map = command('map', ['-', '--json']);
    hostile.child.stdout.pipe(map.child.stdin);
    const lines = (await text(map.child.stdout)).trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ messages: made.length, received: records, sent: rows });
    expect(lines).toHaveLength(rows + 1);
    expect((await hostile.ended).code).toBe(0);
  });

  test('--check prints the account; with --json the last line is JSON', async () => {
    const { child, ended } = command('hostile', ['--records', '300', '--check', '--json']);
    const lines = (await text(child.stdout)).trim().split('\n');
    expect(lines[0]).toMatch(/^300 records in \d+ messages/);
    const account: unknown = JSON.parse(lines.at(-1) ?? '');
    expect(account).toEqual(commandJson.hostile);
    expect(account).toMatchObject({
      produced: 300,
      tally: { received: 300 },
      balances: true,
      differences: [],
      brokenRows: 0,
    });
    expect((await ended).code).toBe(0);
  });

  test.each([
    [['--records', '0'], '--records: expected a whole number from 1'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--json'], '--json needs --check'],
    [['file'], "Unexpected argument 'file'"],
  ])('2 and what to do, without a stack: %j', async (args, wrong) => {
    const { child, ended } = command('hostile', args);
    expect(await text(child.stdout)).toBe('');
    const { code, stderr } = await ended;
    expect(stderr).toContain(wrong);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(code).toBe(2);
  });
});
