import Table from 'cli-table3';
import type { Tally } from '../../shared/books';
import { number } from '../start/summary';
import type { Judgement } from './judge';

export interface FaultsResult extends Tally, Judgement {
  readonly produced: number;
  readonly stored: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** What `npm run faults` says at the end. */
export function faultsSummary(result: FaultsResult): string {
  const plain = { style: { head: [], border: [] } };
  const faults = new Table({ head: ['fault', 'times'], colAligns: ['left', 'right'], ...plain });
  for (const [kind, times] of Object.entries(result.faults)) faults.push([kind, number(times)]);
  const account = new Table({ head: ['account', ''], colAligns: ['left', 'right'], ...plain });
  account.push(
    ['records produced', number(result.produced)],
    ['different rows stored', number(result.stored)],
    ['lost', number(result.lost)],
    ['stored or set aside, but never produced', number(result.unexpected)],
    ['stored again', number(result.duplicatesStored)],
    ['  because the answer was lost', number(result.duplicatesExplained.answerLost)],
    ['  after the end of the process that had sent it', number(result.duplicatesExplained.crash)],
    ['  after its partition moved', number(result.duplicatesExplained.moved)],
    ['  the event was in the hub twice', number(result.duplicatesExplained.copy)],
    ['  for no good reason', number(result.duplicatesUnexplained)],
    ['dead letters written again, with the same id', number(result.deadLettersAgain)],
    ['records in the books', number(result.received)],
    ['  published again', number(result.books.publishedAgain)],
    ['  counted again: the batch came again', number(result.books.countedAgain)],
    ['  for no good reason', number(result.books.receivedUnexplained)],
    ['batches with wrong books', number(result.books.miscounted)],
    ['messages in no books', number(result.books.uncounted)],
  );
  const examples = result.examples.map((text) => `  - ${text}\n`).join('');
  return `${faults.toString()}\n\n${account.toString()}\n${examples}\n${result.seconds.toFixed(0)} s on this machine.`;
}
