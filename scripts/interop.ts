import { resolve } from 'node:path';
import { readArguments } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { stopOnSignal } from '../cli/common/stopOnSignal';
import { balance, CheckFailed } from './interop/balance';
import { buildProgram, dotnetVersion, installStorage } from './interop/buildClients';
import { type Child, Children } from './interop/child';
import { type Emulators, startEmulators } from './interop/interopEmulators';

/**
 * `npm run interop`: the real clients for .NET, and the WebJobs SDK that the Functions host is made of, against the Event Hubs
 * emulator. The program is in packages/azure-emulators/test/interop; the checkpoints of its processors are in Azurite.
 */
const usage = `Usage: npm run interop -- [CHECK ...] [options]
  CHECK   one of properties, send, receive, epoch, balance, identity, retry
          (default: all)
  --json  make the last line of standard output one JSON object
Needs the .NET SDK 10 or newer. The first run downloads packages from NuGet and
npm into out/.
Exit codes: 0 all checks passed; 1 one failed; 2 could not start.`;

const root = resolve(__dirname, '..');
const source = resolve(root, 'packages/azure-emulators/test/interop');
/** Where packages/azure-emulators/test/interop/Directory.Build.props lets the program be built, too. */
const out = resolve(root, 'out', 'interop');
const names = ['properties', 'send', 'receive', 'epoch', 'balance', 'identity', 'retry'] as const;
type Name = (typeof names)[number];

interface Result {
  readonly check: Name;
  readonly ok: boolean;
  /** What was seen, or what is wrong. */
  readonly detail: string;
}

async function main(): Promise<number> {
  const { values, positionals } = readArguments({ json: { type: 'boolean', default: false } }, usage, true);
  const chosen = choose(positionals);
  const stop = stopOnSignal();
  const children = new Children();
  stop.signal.addEventListener('abort', () => children.killAll());
  process.once('exit', () => children.killAll());
  const dotnet = await dotnetVersion(children);
  console.log(`Building packages/azure-emulators/test/interop with the .NET SDK ${dotnet}.`);
  const program = await buildProgram(children, source, out);
  const storage = await installStorage(children, source, out);
  const emulators = await startEmulators(children, out, storage);
  const results: Result[] = [];
  try {
    for (const check of chosen) {
      if (stop.signal.aborted) return exitCodes.wrong;
      const { environment } = emulators;
      const result = await runCheck(check, emulators, () =>
        children.start('dotnet', [program, check], { environment, input: check === 'balance' ? 'open' : 'closed' }),
      );
      results.push(result);
      console.log(`${result.ok ? 'passed' : 'failed'}  ${check.padEnd(10)}  ${result.detail}`);
    }
  } finally {
    children.killAll();
    await emulators.stop();
  }
  const failed = results.filter(({ ok }) => !ok).length;
  console.log(`${results.length - failed} passed, ${failed} failed`);
  if (values.json) console.log(JSON.stringify({ dotnet, checks: results }));
  return failed === 0 ? exitCodes.well : exitCodes.wrong;
}

function choose(asked: readonly string[]): readonly Name[] {
  const unknown = asked.filter((name) => !names.some((known) => known === name));
  if (unknown.length > 0) throw new UsageError(`There is no check "${unknown.join('", "')}".`, { usage });
  return asked.length === 0 ? names : names.filter((name) => asked.includes(name));
}

async function runCheck(check: Name, emulators: Emulators, start: () => Child): Promise<Result> {
  try {
    const detail = check === 'balance' ? await balance(emulators, start) : await runProgram(check, emulators, start);
    return { check, ok: true, detail };
  } catch (error) {
    if (!(error instanceof CheckFailed)) throw error;
    return { check, ok: false, detail: error.message };
  }
}

/** Runs a check that is one process. The idempotent producer waits 2 s for an acknowledgement, and then sends again. */
async function runProgram(check: Name, { eventHubs }: Emulators, start: () => Child): Promise<string> {
  const late =
    check === 'send' && eventHubs.faults.inject({ on: 'send', kind: 'stall', milliseconds: 3000, hub: 'idempotent' });
  const { code, stdout, stderr } = await start().ended;
  if (code !== 0)
    throw new CheckFailed(stderr.trim() || `the program ended with code ${String(code)} and printed nothing`);
  const { eventsDeduplicated } = eventHubs.statistics().counters;
  if (late && (late.fired !== 1 || eventsDeduplicated === 0)) {
    throw new CheckFailed(
      `${late.fired} messages came late, ${eventsDeduplicated} events were recognized as sent twice`,
    );
  }
  return stdout.trim() + (late ? `, ${eventsDeduplicated} of them sent twice and stored once` : '');
}

void run(main);
