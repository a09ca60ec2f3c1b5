import { type Profiler, Session } from 'node:inspector/promises';
import { findSourceMap } from 'node:module';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { costOf, rounded } from './cost';
import { Product } from './product';
import type { Records } from './records';

/** The phases. A stack sample belongs to the first that matches the innermost function's name or file, else its caller's. */
const phases: readonly (readonly [phase: string, fits: RegExp])[] = [
  ['garbage collection', /^\(garbage collector\)/],
  ['stringify', /^\S*stringify/i],
  ['parse', /^(?:parse|decode)\S* | shared\/(?:defender\/|json)/],
  ['map', / shared\/transform\/| .*ipaddr\.js/],
  ['pack', / shared\/sessions\//],
  ['gzip', / node:zlib|^gzip/],
  ['send', / node_modules\/@(?:azure|typespec)| shared\/delivery\/sender/],
  ['telemetry', / shared\/telemetry\//],
  ['books and delivery', / shared\//],
];
const mostFunctions = 15;

/** Microseconds per record, the largest first. */
export interface Breakdown {
  /** A function that is built into Node counts for its caller. */
  readonly phases: Readonly<Record<string, number>>;
  /** Without the functions that they call. */
  readonly functions: Readonly<Record<string, number>>;
}

/** Where the product's time goes, from samples of its stack. */
export async function breakDown(records: Records, rounds: number, transform: TransformSettings): Promise<Breakdown> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 500 });
  await session.post('Profiler.start');
  const { cpu } = await costOf(async () => {
    for (let round = 0; round < rounds; round++) {
      const product = new Product({ transform });
      for (const batch of records.batches) await product.settle(batch);
    }
  });
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  return breakdownOf(profile, cpu, rounds * records.records);
}

function breakdownOf(
  { nodes, samples = [], timeDeltas = [] }: Profiler.Profile,
  cpu: number,
  records: number,
): Breakdown {
  const stacks = new Map<number, readonly string[]>([[nodes[0]?.id ?? 0, []]]);
  // A node comes after the node that calls it.
  for (const { id, callFrame, children = [] } of nodes) {
    const stack = [`${callFrame.functionName || '(anonymous)'} ${sourceOf(callFrame)}`, ...(stacks.get(id) ?? [])];
    stacks.set(id, stack);
    for (const child of children) stacks.set(child, stack);
  }
  const busy = samples.flatMap((id, i) => {
    const stack = stacks.get(id) ?? [];
    const isBusy = !stack.some((caller) => /^\(idle\)| node:inspector/.test(caller));
    return isBusy ? [{ stack, time: timeDeltas[i + 1] ?? 0 }] : [];
  });
  const wall = busy.reduce((sum, { time }) => sum + time, 0);
  // A sample is wall time, and on a busy machine the samples of the main thread exceed the CPU time of all threads.
  const sum = (keyOf: (stack: readonly string[]) => string): [string, number][] => {
    const sums = new Map<string, number>();
    for (const { stack, time } of busy) sums.set(keyOf(stack), (sums.get(keyOf(stack)) ?? 0) + time);
    const scale = Math.min(1, cpu / wall) / records;
    return Array.from(sums, ([key, time]): [string, number] => [key, rounded(time * scale, 1)]).toSorted(
      ([, a], [, b]) => b - a,
    );
  };
  const otherThreads = rounded(Math.max(0, cpu - wall) / records, 1);
  return {
    phases: { ...Object.fromEntries(sum(phaseOf)), 'other threads (gzip, collection, compiling)': otherThreads },
    functions: Object.fromEntries(sum(functionOf).slice(0, mostFunctions)),
  };
}

function phaseOf(stack: readonly string[]): string {
  for (const caller of stack) {
    const found = phases.find(([, fits]) => fits.test(caller));
    if (found !== undefined) return found[0];
  }
  return 'other';
}

/** The innermost function; one that is built into Node with its caller. */
function functionOf([innermost = '', caller = '']: readonly string[]): string {
  const isBuiltIn = innermost.endsWith(' ') && !innermost.startsWith('(g');
  return isBuiltIn ? `${innermost.trimEnd()}, called by ${caller}`.trimEnd() : innermost.trimEnd();
}

/** The file of a function, from the repository's root; Node's own as `node:zlib`. */
function sourceOf({ url, lineNumber, columnNumber }: Profiler.ProfileNode['callFrame']): string {
  const entry = url.startsWith('file:') ? (findSourceMap(__filename)?.findEntry(lineNumber, columnNumber) ?? {}) : {};
  const original = 'originalSource' in entry && typeof entry.originalSource === 'string' ? entry.originalSource : url;
  return /(?:^node:|(?:shared|scripts|packages|node_modules)\/).*/.exec(original)?.[0] ?? '';
}
