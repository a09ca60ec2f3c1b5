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
    ['  after a crash or a new owner', number(result.duplicatesExplained.crash)],
    ['  because the answer was lost', number(result.duplicatesExplained.answerLost)],
    ['  for no good reason', number(result.duplicatesUnexplained)],
  );
  const examples = result.examples.map((text) => `  - ${text}\n`).join('');
  return `${faults.toString()}\n\n${account.toString()}\n${examples}\n${result.seconds.toFixed(0)} s on this machine.`;
}
