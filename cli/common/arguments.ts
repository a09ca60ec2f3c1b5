import { type ParseArgsConfig, parseArgs } from 'node:util';
import { HelpAsked, UsageError } from './exit';

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * The arguments of a command. Every command takes -h and --help besides.
 * @throws UsageError for a mistake, told together with how the command is used. @throws HelpAsked
 */
export function readArguments<const T extends Options>(options: T, usage: string, allowPositionals = false) {
  refuseTakenByNpm(Object.keys(options), usage);
  // Looked for first: whoever asks for help need not have everything else right.
  const { values } = parseArgs({ options: { ...options, help }, allowPositionals: true, strict: false });
  if (values['help'] === true) throw new HelpAsked(usage);
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { usage });
  }
}

const help = { type: 'boolean', short: 'h' } as const;

/** npm has options of these names, which a .npmrc may set. Without them every command does less, never more. */
const npmsOwn = new Set(['json', 'yes', 'all']);

/** Without `--` before it npm takes an option for itself, and the command would run without it. */
function refuseTakenByNpm(names: readonly string[], usage: string): void {
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

/** A whole number from an option. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}; found "${text}".`);
}
