import { ConfigError } from '../../shared/config';
import { withoutSecrets } from '../../shared/secrets';
import { wrapped } from './printable';
import { columnsOf, fitted } from './terminal';

/** Exit codes of every command: all well; finished, but something is wrong; could not start. */
export const exitCodes = { well: 0, wrong: 1, cannotStart: 2 } as const;

/** Something that the user can correct: a setting, an argument, a file. Shown without a stack, with `usage` below it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  readonly usage: string | undefined;

  constructor(message: string, { usage, ...options }: ErrorOptions & { readonly usage?: string } = {}) {
    super(message, options);
    this.usage = usage;
  }
}

/** The user asked for the usage text: this ends the command, but is no error. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

/** System errors that the user can correct. */
const usageCodes = new Set(
  'EADDRINUSE EBUSY EEXIST ENOENT ENOTDIR ENAMETOOLONG ELOOP EROFS EISDIR EACCES EPERM ENOSPC'.split(' '),
);

/** Runs a command and exits with its code; an error that the user can correct becomes a message and code 2. */
export async function run(command: () => Promise<number>): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `| head` has read enough.
    if (error.code === 'EPIPE') process.exit(exitCodes.well);
    console.error(`Cannot write to standard output (${error.message}). The output is incomplete.`);
    process.exit(exitCodes.cannotStart);
  });
  try {
    process.exitCode = await command();
  } catch (error) {
    if (error instanceof HelpAsked) {
      process.exitCode = exitCodes.well;
      console.log(fitted(error.message, columnsOf(process.stdout)));
    } else {
      process.exitCode = exitCodes.cannotStart;
      console.error(withoutSecrets(errorOutput(error, columnsOf(process.stderr))));
    }
  }
  // The last output may still be on its way into a pipe.
  await Promise.all([process.stdout, process.stderr].map(flushed));
  // The Event Hubs SDK keeps a timer of 45 minutes for each link that the service detached.
  process.exit();
}

async function flushed(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

function errorOutput(error: unknown, width: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ConfigError) return settingsText(error.problems, width);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isUsage = error instanceof UsageError || usageCodes.has(code) || code.startsWith('ERR_PARSE_ARGS');
  if (!isUsage) return error.stack ?? error.message;
  const usage = error instanceof UsageError ? error.usage : undefined;
  return usage === undefined ? error.message : `${error.message}\n${fitted(usage, width)}`;
}

function settingsText(problems: readonly string[], width: number): string {
  const next = 'Correct them in the environment or in the file of --settings. docs/settings.md describes each setting.';
  return [
    problems.length === 1 ? 'A setting is wrong:' : `${problems.length} settings are wrong:`,
    ...problems.map((problem) => `  - ${wrapped(problem, width - 4).replaceAll('\n', '\n    ')}`),
    wrapped(next, width),
  ].join('\n');
}
