import { UsageError } from '../common/exit';

export type Task =
  | { readonly name: 'list' | 'send' | 'set-aside' }
  | { readonly name: 'show'; readonly id: string }
  | { readonly name: 'export'; readonly file: string };

/** @throws UsageError for anything but `list`, `show ID`, `export FILE`, `send` and `set-aside`. */
export function taskOf(words: readonly string[], usage: string): Task {
  const [name, argument, ...more] = words;
  if ((name === 'list' || name === 'send' || name === 'set-aside') && argument === undefined) return { name };
  if (name === 'show' && argument !== undefined && more.length === 0) return { name, id: argument };
  if (name === 'export' && argument !== undefined && more.length === 0) return { name, file: argument };
  const found = words.length === 0 ? 'nothing' : `"${words.join(' ')}"`;
  throw new UsageError(`Expected list, show ID, export FILE, send or set-aside; found ${found}.`, { usage });
}

/** Options that only some tasks have. */
const optionsOf: readonly (readonly [options: string, ...tasks: Task['name'][]])[] = [
  ['reason table id since until', 'list', 'export', 'send'],
  ['body', 'export'],
  ['dry-run file checkpoint', 'send'],
  ['hub partition from through count all yes take-ownership', 'set-aside'],
];

/**
 * Rejects the options of other tasks: to ignore one silently would do more than the user asked for.
 * @throws UsageError
 */
export function rejectForeignOptions({ name }: Task, given: readonly string[]): void {
  const foreign = given.filter((option) =>
    optionsOf.some(([options, ...tasks]) => options.split(' ').includes(option) && !tasks.includes(name)),
  );
  if (foreign.length === 0) return;
  const list = foreign.map((option) => `--${option}`).join(', ');
  throw new UsageError(`${list}: not an option of "${name}". See npm run replay -- --help`);
}
