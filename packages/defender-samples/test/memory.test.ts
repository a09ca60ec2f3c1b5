import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { generateStream } from '../src';
import { end } from './streamSetup';

setFlagsFromString('--expose-gc');
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the flag adds.
const collect = runInNewContext('gc') as () => void;

test('memory does not grow with the records, whatever the number of devices and processes', () => {
  const heap: number[] = [];
  let records = 0;
  const options = { records: 150_000, seed: 1, end, devices: 100_000, processes: 1000 };
  for (const { outcomes } of generateStream(options)) {
    records += outcomes.length;
    if (records < 50_000 * (heap.length + 1)) continue;
    collect();
    heap.push(process.memoryUsage().heapUsed / 2 ** 20);
  }
  expect(heap).toHaveLength(3);
  // Of devices and processes a limited number is kept: how many of them there are just then differs.
  expect(heap[2]).toBeLessThan((heap[0] ?? 0) + 60);
});
