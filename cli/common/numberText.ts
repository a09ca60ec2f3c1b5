import { type State, states, type Tally } from '../../shared/books';

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** `1 row`, `2 rows`. */
export function counted(count: number, what: string): string {
  return `${number(count)} ${what}${count === 1 ? '' : 's'}`;
}

const words: Readonly<Record<State, string>> = {
  sent: 'sent',
  skipped: 'skipped',
  dropped: 'dropped',
  merged: 'merged',
  duplicates: 'duplicate',
  deadLettered: 'dead-lettered',
};

/** The books of one batch on a line: every state that is not zero, so that they add up. */
export function booksLine(tally: Tally): string {
  const became = states.filter((state) => tally[state] > 0).map((state) => `${number(tally[state])} ${words[state]}`);
  const came = `${counted(tally.messages, 'message')}: ${counted(tally.received, 'record')}`;
  return [came, ...became].join(', ');
}
