import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageError } from './exit';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The arguments of a command, with a mistake told together with how the command is used. */
export function readArguments<const T extends Options>(options: T, usage: string, allowPositionals = false) {
  try {
    return parseArgs({ options, allowPositionals, strict: true });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

/** Options of every command that reads a file of records; `inputOptions` checks them. */
export const inputArguments = { table: { type: 'string' }, dates: { type: 'string' } } as const;

/** A whole number from an option. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new UsageError(`--${name}: expected a whole number from ${least} to ${most}; found "${text}".`);
}
