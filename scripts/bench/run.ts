import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build as bundle } from 'esbuild';
import { bundleOptions } from '../../cli/bundle';
import type { Measured, Task } from './measure';

/** Bundles what measures, with the product's own options, into `directory`. */
export async function bundleMeasuring(directory: string): Promise<string> {
  await bundle({
    ...bundleOptions,
    outdir: directory,
    entryPoints: { measure: 'scripts/bench/measure.ts' },
    plugins: [],
  });
  return join(directory, 'measure.js');
}

export async function measureTime(program: string, task: Omit<Task, 'kind'>): Promise<Measured> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- scripts/bench/measure.ts prints it last.
  return (await resultOf(program, ['--enable-source-maps', '--expose-gc'], { ...task, kind: 'time' })) as Measured;
}

/** The peak of a process that maps full batches of sixteen partitions, with the heap that Node has on an instance of 4 GB. */
export async function measureMemory(program: string, task: Omit<Task, 'kind'>): Promise<number> {
  return Number(await resultOf(program, ['--max-old-space-size=2048'], { ...task, kind: 'memory' }));
}

async function resultOf(program: string, options: readonly string[], task: Task): Promise<unknown> {
  const args = [...options, program, JSON.stringify(task)];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
