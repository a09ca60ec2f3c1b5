import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { percentiles } from '../../../scripts/bench/endToEnd';
import { root } from '../../programs';

const command = ['-r', './cli/supported.cjs', '--import', 'tsx', 'scripts/bench.ts', '--e2e', '--json'];

/** In a group of processes of its own, so that the test sees who is left. */
function startBench(...args: string[]) {
  const child = spawn(process.execPath, [...command, ...args], { cwd: root, detached: true });
  return { child, group: child.pid ?? Number.NaN };
}

/** Waits until no process of the group runs any more; one that ended and that nobody asked about does not count. */
async function gone(group: number): Promise<void> {
  const isLeft = (line: string): boolean => {
    const [id, state = ''] = line.trim().split(/\s+/);
    return Number(id) === group && !state.startsWith('Z');
  };
  while (execFileSync('ps', ['-eo', 'pgid,stat'], { encoding: 'utf8' }).split('\n').some(isLeft)) await sleep(100);
}

/** Resolves with the exit code. */
async function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('exit', resolve));
}

test('npm run bench -- --e2e --json measures the whole chain and leaves no process behind', async () => {
  const { child, group } = startBench('--records', '1000', '--partitions', '2');
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('3/3 ') as unknown });
  const report: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  const positive = expect.any(Number) as unknown;
  expect(report).toEqual({
    node: process.version,
    records: 1000,
    partitions: 2,
    recordsPerSecond: positive,
    recordsPerCpuSecond: positive,
    backlogRecordsPerSecond: positive,
    halfLoadRecordsPerSecond: positive,
    latencyMs: { p50: positive, p95: positive, p99: positive },
  });
  const figures = Array.from(stdout.matchAll(/^ *(?:p\d\d|\w+Second) +([\d.]+)$/gm), ([, figure]) => Number(figure));
  expect(figures).toHaveLength(7);
  expect(Math.min(...figures)).toBeGreaterThan(0);
  const latencies = figures.slice(-3);
  expect(latencies.toSorted((a, b) => a - b)).toEqual(latencies);
  // Hours would be the age of an event, not the time since its message was sent.
  expect(latencies.at(-1)).toBeLessThan(600_000);
  await gone(group);
});

test('Ctrl-C ends npm run bench -- --e2e with all its processes, and it says so', async () => {
  const { child, group } = startBench('--records', '1000000');
  const stdout = text(child.stdout);
  const exited = ended(child);
  // By then all processes run; the terminal sends Ctrl-C to each of them.
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (chunk) => String(chunk).includes('1/3 ') && resolve());
  });
  process.kill(group, 'SIGINT');
  expect(await exited).toBe(1);
  expect(await stdout).toBe('Stopped before everything was measured.\n');
  await gone(group);
});

test('--e2e and the baseline exclude each other', async () => {
  const { child } = startBench('--compare-baseline');
  const [stderr, code] = await Promise.all([text(child.stderr), ended(child)]);
  expect(code).toBe(2);
  expect(stderr).toContain('--e2e: the baseline holds none of its figures');
});

test('a percentile is the smallest value that so many per cent do not exceed', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(percentiles(hundred)).toEqual({ p50: 50, p95: 95, p99: 99 });
  expect(percentiles([7])).toEqual({ p50: 7, p95: 7, p99: 7 });
  expect(percentiles([1, 1, 1, 9])).toEqual({ p50: 1, p95: 9, p99: 9 });
});
