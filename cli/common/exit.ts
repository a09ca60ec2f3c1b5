import { withoutSecrets } from '../../shared/secrets';
import { columnsOf, fitted } from './terminal';

/** Exit codes of every command: all well; done, but something is wrong; could not start. */
export const exitCodes = { well: 0, wrong: 1, cannotStart: 2 } as const;

/** Something the user can put right: a setting, an argument, a file. Shown without a stack, with `usage` below it. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  readonly usage: string | undefined;

  constructor(message: string, { usage, ...options }: ErrorOptions & { readonly usage?: string } = {}) {
    super(message, options);
    this.usage = usage;
  }
}

/** Somebody asked how the command is used: no error, but the end of the command. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

const usageCodes = new Set([
  'EADDRINUSE',
  'EBUSY',
  'EEXIST',
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EROFS',
  'EISDIR',
  'EACCES',
  'EPERM',
  'ENOSPC',
  'InvalidSettings',
]);

/** Runs a command to its exit code; what a user can put right ends in a message and code 2. */
export async function run(command: () => Promise<number>): Promise<void> {
  // `| head` has seen enough: nobody is left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.well);
    console.error(`Standard output cannot be written to (${error.message}). What was written there is not whole.`);
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
      console.error(withoutSecrets(messageOf(error)));
    }
  }
  // What was written last may still be on its way into a pipe.
  await Promise.all([process.stdout, process.stderr].map(written));
  // The Event Hubs SDK leaves a timer of 45 minutes behind for each link that the service detached.
  process.exit();
}

async function written(stream: NodeJS.WriteStream): Promise<void> {
  await new Promise<void>((resolve) => stream.write('', () => resolve()));
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const isUsage = error instanceof UsageError || usageCodes.has(code) || code.startsWith('ERR_PARSE_ARGS');
  if (!isUsage) return error.stack ?? error.message;
  const usage = error instanceof UsageError ? error.usage : undefined;
  return usage === undefined ? error.message : `${error.message}\n${fitted(usage, columnsOf(process.stderr))}`;
}
