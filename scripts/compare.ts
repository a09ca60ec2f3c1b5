import { generateStream } from 'defender-samples';
import { generateHostile } from 'defender-samples/hostile';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { Progress } from '../cli/common/progressLine';
import { readTransformSettings } from '../shared/config';
import type { TransformSettings } from '../shared/transform/transformSettings';
import { type Comparison, compareWays, type Difference } from './compare/compareWays';

const usage = `Usage: npm run compare -- [options]
  Reads and maps believable and hostile messages twice, as the app does and
  the plain way: message by message and column by column. Compares the rows
  byte for byte, and everything that the books are made from.
  --events N  records of each kind (default 100000)
  --seed S    the same seed makes the same records (default 1)
The settings that change rows (docs/settings.md) are taken from the environment.
Exit codes: 0 no difference; 1 a difference; 2 could not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    { events: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
    usage,
  );
  const records = wholeNumber('events', values.events, 1, 1e12);
  const seed = wholeNumber('seed', values.seed, 0, 2 ** 32 - 1);
  const settings = readTransformSettings(process.env);
  const end = new Date('2026-01-01T00:00:00Z');
  const believable = compare('believable', generateStream({ records, seed, end, devices: 2000 }), settings);
  const hostile = compare('hostile', generateHostile({ records, seed }), settings);
  return Promise.resolve(believable + hostile === 0 ? exitCodes.well : exitCodes.wrong);
}

/** Returns how many records differ. */
function compare(name: string, messages: Iterable<{ readonly body: unknown }>, settings: TransformSettings): number {
  const progress = new Progress(process.stderr);
  let counts: Comparison = { records: 0, rows: 0, different: 0 };
  for (counts of compareWays(bodiesOf(messages), settings, show)) {
    progress.show(`${counts.records} ${name} records`);
  }
  progress.end();
  console.log(`${name}: ${counts.records} records, ${counts.rows} rows, ${counts.different} differ`);
  return counts.different;
}

function* bodiesOf(messages: Iterable<{ readonly body: unknown }>): Generator {
  for (const { body } of messages) yield body;
}

function show({ fast, plain }: Difference): void {
  console.error(`as the app: ${JSON.stringify(fast)}\nplain:      ${JSON.stringify(plain)}`);
}

void run(main);
