import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { rowsOf } from '../../../scripts/bench/product';
import { Records } from '../../../scripts/bench/records';
import { straightforwardRows } from '../../../scripts/bench/straightforward';
import { commandJson } from '../../frozen/commandJson';
import { root } from '../../programs';

const command = ['-r', './cli/supported.cjs', '--import', 'tsx', 'scripts/bench.ts'];
const least = ['--records', '1000', '--rounds', '1', '--runs', '1', '--partitions', '1'];

async function bench(...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return promisify(execFile)(process.execPath, [...command, ...args], { cwd: root });
}

const number = expect.any(Number) as unknown;

test('npm run bench -- --breakdown --json prints the keys that others rely on', async () => {
  const { stdout } = await bench(...least, '--breakdown', '--json');
  const report: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  expect(report).toEqual({ ...commandJson.bench, node: process.version });
  expect(report).toMatchObject({ breakdown: { parse: number, map: number, stringify: number, pack: number } });
  expect(stdout).toMatch(/^ {2}productOverFloor +\d/m);
});

test.each([
  ['--records', '999'],
  ['--rounds', '0'],
  ['--runs', 'many'],
  ['--partitions', '0'],
])('npm run bench -- %s %s is rejected before anything is measured', async (option, value) => {
  await expect(bench(option, value)).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringContaining(`${option}: expected a whole number`) as unknown,
  });
});

describe('the records of the benchmark', () => {
  const records = Records.ofAtLeast(3000, 1);

  test('come in messages of 100 to 400, of 2 to 3 KB a record', () => {
    const messages = records.batches.flatMap(({ bodies }) => bodies);
    const counts = messages.map((body) => recordsIn(body).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...counts)).toBeLessThanOrEqual(400);
    expect(records.bytes / records.records).toBeGreaterThan(2000);
    expect(records.bytes / records.records).toBeLessThan(3000);
  });

  test('are new events on another day: as many as before, and otherwise the same', () => {
    const body = records.batches[0]?.bodies[0] ?? Buffer.alloc(0);
    records.setDay(0);
    const before = body.toString();
    records.setDay(3);
    expect(body.toString()).not.toBe(before);
    expect(body.toString()).toBe(before.replaceAll('2026-11-20', '2026-11-17'));
    records.setDay(0);
  });

  test('become as many rows in the straightforward way as in the product, within 2%', async () => {
    const [batch] = records.batches;
    if (batch === undefined) throw new Error('There are no records.');
    const rows = await rowsOf(batch);
    const plain = batch.bodies.flatMap(straightforwardRows);
    expect(rows.length).toBeGreaterThan(0.8 * batch.records);
    expect(Math.abs(plain.length - rows.length)).toBeLessThanOrEqual(0.02 * rows.length);
  });
});

function recordsIn(body: Buffer): unknown[] {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the generator writes.
  return (JSON.parse(body.toString()) as { readonly records: unknown[] }).records;
}
