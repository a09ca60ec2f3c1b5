import { UsageError } from '../exit';

/** What a person asks for. */
export type Task =
  | { readonly name: 'list' | 'send' }
  | { readonly name: 'show'; readonly id: string }
  | { readonly name: 'export'; readonly file: string };

/** @throws UsageError for anything but `list`, `show ID`, `export FILE` and `send`. */
export function taskOf(words: readonly string[], usage: string): Task {
  const [name, argument, ...more] = words;
  if ((name === 'list' || name === 'send') && argument === undefined) return { name };
  if (name === 'show' && argument !== undefined && more.length === 0) return { name, id: argument };
  if (name === 'export' && argument !== undefined && more.length === 0) return { name, file: argument };
  const found = words.length === 0 ? 'nothing' : `"${words.join(' ')}"`;
  throw new UsageError(`Expected list, show ID, export FILE or send; found ${found}.`, { usage });
}
