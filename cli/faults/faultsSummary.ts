import Table from 'cli-table3';
import { noLinesBetweenRows, wrapped } from '../common/printable';
import { number } from '../start/startSummary';
import type { FaultsResult } from './faultRun';
import { isWell, type Judgement } from './judge';

const columns = 80;

export function isShown({ notShown }: Pick<FaultsResult, 'notShown'>): boolean {
  return notShown.length === 0;
}

/** What `npm run faults` says at the end. The last sentence is the verdict. */
export function faultsSummary(result: FaultsResult, isNotShownAccepted: boolean): string {
  const examples = result.examples.map((text) => `${wrapped(`- ${text}`, columns - 2).replaceAll('\n', '\n  ')}\n`);
  const parts = [
    faultsTable(result.faults),
    accountTable(result),
    ...(examples.length === 0 ? [] : [`What is wrong, the first of it:\n${examples.join('')}`.trimEnd()]),
    wrapped(verdict(result, isNotShownAccepted), columns),
  ];
  return parts.join('\n\n');
}

function faultsTable(faults: Readonly<Record<string, number>>): string {
  const table = tableOf(['fault', 'times']);
  for (const [kind, times] of Object.entries(faults)) table.push([kind, times === 0 ? 'not shown' : number(times)]);
  return table.toString();
}

function accountTable(result: FaultsResult): string {
  const table = tableOf(['account', '']);
  table.push(
    ['records produced', number(result.produced)],
    ['different rows stored', number(result.stored)],
    ['lost', number(result.lost)],
    ['stored or set aside, but never produced', number(result.unexpected)],
    ['stored or set aside, but not as they must', number(result.wrong)],
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
    ['batches with wrong books', number(result.books.wrongBatches)],
    ['messages in no books', number(result.books.uncounted)],
  );
  return table.toString();
}

function tableOf(head: readonly [string, string]) {
  const [left, right] = head;
  return new Table({
    head: [left, right],
    colAligns: ['left', 'right'],
    chars: noLinesBetweenRows,
    style: { head: [], border: [] },
  });
}

/** One sentence, or two, for whoever reads nothing else. */
function verdict(result: FaultsResult, isNotShownAccepted: boolean): string {
  const { produced, faults, notShown, seconds, isGivenUp, duplicatesStored } = result;
  const kinds = Object.keys(faults).length;
  const fired = Object.values(faults).reduce((sum, times) => sum + times, 0);
  const under = `${number(fired)} faults of ${kinds - notShown.length} kinds, ${seconds.toFixed(0)} s`;
  if (isGivenUp)
    return `NOT WELL: nothing was settled any more, and the run was given up. ${wrongs(result)} (${under}).`;
  if (!isWell(result)) return `NOT WELL: ${wrongs(result)} (${under}).`;
  const account = `each of ${number(produced)} records became what its maker says, and each of ${number(duplicatesStored)} rows that are stored again has its cause`;
  if (notShown.length === 0) return `All well: ${account} (${under}).`;
  const left = `Not shown, because it never fired: ${notShown.join(', ')}.`;
  if (isNotShownAccepted) return `All well: ${account} (${under}). ${left}`;
  return `NOT SHOWN in full: ${account} (${under}). ${left} Take more events, or --accept-not-shown.`;
}

/** What is wrong, in numbers. */
export function wrongs(judgement: Omit<Judgement, 'examples' | 'books' | 'duplicatesExplained'>): string {
  const { lost, unexpected, wrong, duplicatesUnexplained, miscounted } = judgement;
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'lost'],
    [unexpected, 'never produced'],
    [wrong, 'not as they must be'],
    [duplicatesUnexplained, 'repeated without a cause'],
    [miscounted, 'miscounted'],
  ];
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${number(count)} ${what}`])).join(', ');
}
