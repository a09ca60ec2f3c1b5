import { generateHostile, type HostileMessage } from 'defender-samples/hostile';
import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { Progress } from '../cli/common/progressLine';
import { print } from '../cli/common/standardOutput';
import { checkHostile, isWell } from './hostile/check';
import { hostileText } from './hostile/hostileText';

const usage = `Usage: npm run hostile -- [options]
  Prints malformed messages, one a line, to standard output:
    npm run -s hostile -- --records 9999 | npm run -s map -- - > rows.ndjson
  --records N  number of records (default 10000)
  --seed S     the same seed makes the same messages (default 1)
  --check      print no messages; fuzz map with them and check the books, the
               dead letters, every row and the memory against what is expected
  --json       with --check, print the result as one JSON object on the last
               line of standard output
Exit codes: 0 all checks passed; 1 a check failed; 2 could not start.`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      records: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  if (values.json && !values.check) throw new UsageError('--json needs --check.', { usage });
  const records = wholeNumber('records', values.records, 1, 1e12);
  const messages = generateHostile({ records, seed: wholeNumber('seed', values.seed, 0, 2 ** 32 - 1) });
  if (!values.check) {
    await print(linesOf(messages));
    return exitCodes.well;
  }
  const progress = new Progress(process.stderr);
  const account = await checkHostile(messages, records, (produced) =>
    progress.show(`${produced} of ${records} records`),
  );
  progress.end();
  console.log(hostileText(account));
  if (values.json) console.log(JSON.stringify(account));
  return isWell(account) ? exitCodes.well : exitCodes.wrong;
}

const lineFeed = Buffer.from('\n');

function* linesOf(messages: Iterable<HostileMessage>): Generator<Buffer> {
  for (const { body } of messages) yield Buffer.concat([body, lineFeed]);
}

void run(main);
