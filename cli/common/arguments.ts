import { type ParseArgsConfig, parseArgs } from 'node:util';
import { messageOf } from '../../shared/errors/messageOf';
import { HelpAsked, UsageError } from './exit';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads the arguments of a command; every command also takes -h and --help.
 * @throws UsageError for a wrong argument, with the usage text. @throws HelpAsked
 */
export function readArguments<const T extends Options>(options: T, usage: string, allowPositionals = false) {
  rejectTakenByNpm(Object.keys(options), usage);
  // Help comes first, even when other arguments are wrong.
  const { values } = parseArgs({ options: { ...options, help }, allowPositionals: true, strict: false });
  if (values['help'] === true) throw new HelpAsked(usage);
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(messageOf(error), { usage });
  }
}

const help = { type: 'boolean', short: 'h' } as const;

/** A .npmrc may set these options of npm itself. A command that misses one of them does less, never more. */
const npmsOwn = new Set(['json', 'yes', 'all']);

/** Rejects options that npm has taken: without `--` before them npm keeps them, and the command would run without them. */
function rejectTakenByNpm(names: readonly string[], usage: string): void {
  const script = /^Usage: npm (?:run )?(\S+)/.exec(usage)?.[1];
  if (script === undefined || process.env['npm_lifecycle_event'] !== script) return;
  const taken = names.find(
    (name) => !npmsOwn.has(name) && process.env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  );
  if (taken === undefined) return;
  const run = script === 'start' ? 'npm start' : `npm run ${script}`;
  throw new UsageError(`npm took --${taken} for itself. Put -- before the options: ${run} -- --${taken} ...`);
}

/** Options of every command that reads a file of records; `inputOptions` checks them. */
export const inputArguments = { table: { type: 'string' }, dates: { type: 'string' } } as const;

/** A whole number from an option. @throws UsageError */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}; found "${text}".`);
}
