import { basename } from 'node:path';
import { Books, type Tally } from '../shared/books';
import { readDropRules, readTransformSettings } from '../shared/config';
import type { DeadLetter } from '../shared/delivery/deadLetters';
import type { DropRules } from '../shared/rules/dropRules';
import { loadRules } from '../shared/rules/loadRules';
import type { Ruling } from '../shared/transform/ruling';
import type { TransformSettings } from '../shared/transform/transformSettings';
import { inputArguments, readArguments } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { print } from './common/standardOutput';
import { columnsOf } from './common/terminal';
import { mapCostArguments, mapCostUsage, printCost, rejectWithoutCost } from './cost/mapCost';
import { hints } from './input/hints';
import { aboutFile, fileBytes } from './input/inputFile';
import { messagesOf } from './input/inputMessages';
import { inputOptions } from './input/inputOptions';
import { dryRun } from './map/dryRun';
import { booksText } from './map/dryRunBooks';
import type { Drawing } from './map/explanation';
import { rulingText, switchedOffText } from './map/rulingText';

const usage = `Usage: npm run map -- FILE|- [options]
  A dry run: shows what the records in a file become, without any network.
  Prints rows to standard output, one JSON object per line, and the tally to
  standard error. The file (- is standard input) holds JSON (one document, or
  one per line) from the streaming API or from a hunting query; or the CSV
  export of the portal.
  --explain      instead of rows, print which source and which rule filled each
                 column, or why it is absent: in tables on a terminal, else one
                 line per column
  --rules FILE   apply the drop rules in a file (docs/rules.md), and print to
                 standard error which rule took which record
  --table T      table to assume for records without a table name:
                 DeviceNetworkEvents or DeviceEvents
  --dates ORDER  day-first or month-first: what 05/12/2026 means in a CSV export
${mapCostUsage}
  --json         print the tally, or what --cost finds, as one JSON object in
                 the last line of standard output, and what rules say as one for
                 each record
These environment variables change the rows: ADDITIONAL_FIELDS,
OMIT_ADDITIONAL_FIELDS, KEEP_COLUMNS, OMIT_COLUMNS, URL_REDACTION,
MERGE_FLOWS, PROXY_ADDRESSES, KNOWN_NEWS, DROP_RULES_FILE.
Exit codes: 0 every record is a row, skipped or dropped; 1 a record became a
dead letter, or a rule was switched off; 2 could not start, or could not read
the file to its end.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      explain: { type: 'boolean', default: false },
      rules: { type: 'string' },
      json: { type: 'boolean', default: false },
      ...mapCostArguments,
      ...inputArguments,
    },
    usage,
    true,
  );
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('Name one file, or - for standard input.', { usage });
  const options = inputOptions(values);
  const settings = readTransformSettings(process.env);
  const rules = values.rules === undefined ? readDropRules(process.env) : rulesOf(values.rules);
  rejectWithoutCost(values);
  if (values.cost) {
    if (values.explain) throw new UsageError('--explain and --cost: expected one of them.');
    const tried = values.rules === undefined ? undefined : rules;
    const priced = await printCost(file, values, tried, { ...options, note }, letterPrinter());
    const costCode = ended(priced.tally, settings, false);
    return priced.rulesSwitchedOff.length > 0 ? exitCodes.wrong : costCode;
  }
  const books = new Books();
  const lines = dryRun(
    messagesOf(fileBytes(file), { ...options, note }),
    {
      file: file === '-' ? 'stdin' : basename(file),
      settings,
      rules,
      ...(values.rules === undefined ? {} : { onRuling: values.json ? printRulingJson : printRuling }),
      table: options.table,
      explain: values.explain ? drawing() : undefined,
      onDeadLetter: values.explain ? () => undefined : letterPrinter(),
    },
    books,
  );
  let failure: unknown;
  // A stream that fails drops what it has buffered, so the rows before the error are printed first.
  async function* untilError(): AsyncGenerator<string, void, undefined> {
    try {
      yield* lines;
    } catch (error) {
      failure = aboutFile(file ?? '', error);
    }
  }
  await print(untilError());
  const tally = books.tally();
  if (failure !== undefined && (!(failure instanceof UsageError) || tally.received === 0)) throw failure;
  const { switchedOff } = rules ?? {};
  if (values.json) await print([`${JSON.stringify({ ...tally, rulesSwitchedOff: switchedOff })}\n`]);
  let code = ended(tally, settings, values.json);
  if (switchedOff !== undefined && switchedOff.length > 0) {
    console.error(switchedOffText(switchedOff));
    code = exitCodes.wrong;
  }
  if (failure !== undefined) throw failure;
  return code;
}

/** Prints the books, unless they are printed already, and what the user may have meant. */
function ended(tally: Tally, settings: TransformSettings, isPrinted: boolean): number {
  if (!isPrinted) console.error(booksText(tally, settings));
  for (const hint of hints(tally)) console.error(hint);
  return tally.deadLettered === 0 ? exitCodes.well : exitCodes.wrong;
}

function note(line: string): void {
  console.error(line);
}

/** Tables for a terminal; lines for files and pipes, which other programs search and cut. */
function drawing(): Drawing {
  const { stdout } = process;
  return stdout.isTTY ? { kind: 'tables', width: columnsOf(stdout) } : { kind: 'lines' };
}

/** @throws UsageError with everything that is wrong with the file. */
function rulesOf(path: string): DropRules {
  const read = loadRules(path);
  if (read.kind === 'rules') return read.rules;
  throw new UsageError(
    [`--rules ${path}: correct the file:`, ...read.problems.map((text) => `  - ${text}`)].join('\n'),
  );
}

function printRuling(position: string, ruling: Ruling): void {
  console.error(`${position}: ${rulingText(ruling)}`);
}

function printRulingJson(position: string, ruling: Ruling): void {
  console.error(JSON.stringify({ position, ...ruling }));
}

const maxPrinted = 20;

/** Prints the first dead letters; the tally counts all. */
function letterPrinter(): (letter: DeadLetter) => void {
  let count = 0;
  return ({ id, reason, error }) => {
    count++;
    if (count <= maxPrinted) console.error(`${id}: ${reason}: ${error.split('\n', 1)[0]}`);
    if (count === maxPrinted + 1) console.error('More dead letters follow; they are only counted.');
  };
}

void run(main);
