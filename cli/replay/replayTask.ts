import { UsageError } from '../common/exit';

/** What a person asks for. */
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

/** Options that are of use to some tasks only. */
const tasksOf: Readonly<Record<string, readonly Task['name'][]>> = {
  reason: ['list', 'export', 'send'],
  table: ['list', 'export', 'send'],
  id: ['list', 'export', 'send'],
  since: ['list', 'export', 'send'],
  until: ['list', 'export', 'send'],
  body: ['export'],
  'dry-run': ['send'],
  file: ['send'],
  checkpoint: ['send'],
  hub: ['set-aside'],
  partition: ['set-aside'],
  from: ['set-aside'],
  through: ['set-aside'],
  count: ['set-aside'],
  all: ['set-aside'],
  yes: ['set-aside'],
  'take-ownership': ['set-aside'],
};

/**
 * An option that the task does not know would be passed over in silence, and more be done than was asked for.
 * @throws UsageError
 */
export function refuseForeignOptions({ name }: Task, given: readonly string[]): void {
  const foreign = given.filter((option) => tasksOf[option]?.includes(name) === false);
  if (foreign.length === 0) return;
  const list = foreign.map((option) => `--${option}`).join(', ');
  throw new UsageError(`${list}: not an option of "${name}". See npm run replay -- --help`);
}
