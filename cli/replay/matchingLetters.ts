import { reasonOf } from '../common/errorText';
import { printable } from '../common/printable';
import type { Found, LetterHead, StoredLetter } from '../deadLetters/storedLetters';
import { type Filter, matches } from './letterFilter';
import { countFound, type ReplayAccount } from './replayAccount';

export interface Reading {
  readonly letters: AsyncIterable<Found>;
  readonly filter: Filter;
  readonly account: ReplayAccount;
  readonly warn: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The complete letters that match; counts all others, and warns of incomplete ones. */
export async function* matchingLetters(reading: Reading): AsyncGenerator<StoredLetter, void, undefined> {
  const { letters, filter, account, warn, signal } = reading;
  for await (const found of letters) {
    if (signal.aborted) {
      account.stopped = true;
      return;
    }
    countFound(account, found);
    if (found.kind === 'letter' && matches(filter, found.letter)) {
      account.matched++;
      yield found.letter;
    } else if (found.kind === 'incomplete' && matches(filter, found.head)) {
      account.matched++;
      account.incomplete++;
      warn(`${name(found.head)}: incomplete, only ${found.has} of ${found.parts} parts are in the hub.`);
    }
    // Each id names one letter, so nothing else can match.
    if (filter.ids.size > 0 && account.matched === filter.ids.size) return;
  }
}

/** Counts a letter whose body cannot be unpacked, and warns of it. */
export function damaged({ account, warn }: Reading, letter: StoredLetter, error: unknown): void {
  account.incomplete++;
  warn(`${name(letter)}: its body cannot be unpacked (${reasonOf(error)}).`);
}

/** An id that is safe to print: anybody who may write to the hub chose it. */
export function name({ id }: Pick<LetterHead, 'id'>): string {
  return printable(id, 400);
}
