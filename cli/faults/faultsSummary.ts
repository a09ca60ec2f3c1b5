import Table from 'cli-table3';
import { number } from '../common/numberText';
import { plainTable, wrapped } from '../common/printable';
import type { FaultsResult } from './faultRun';
import { isWell, type Judgement } from './judge';

const columns = 80;

export function isShown({ notShown }: Pick<FaultsResult, 'notShown'>): boolean {
  return notShown.length === 0;
}

/** The result of `npm run faults`. The last paragraph is the verdict. */
export function faultsSummary(result: FaultsResult, isNotShownAccepted: boolean): string {
  const examples = result.examples.map((text) => `${wrapped(`- ${text}`, columns - 2).replaceAll('\n', '\n  ')}\n`);
  const parts = [
    faultsTable(result.faults),
    accountTable(result),
    ...(examples.length === 0 ? [] : [`The first errors:\n${examples.join('')}`.trimEnd()]),
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
    ['stored or dead-lettered, but never produced', number(result.unexpected)],
    ['stored or dead-lettered, but wrong', number(result.wrong)],
    ['stored again', number(result.duplicatesStored)],
    ['  the answer was lost', number(result.duplicatesExplained.answerLost)],
    ['  the process that had sent it ended', number(result.duplicatesExplained.crash)],
    ['  its partition moved', number(result.duplicatesExplained.moved)],
    ['  the hub held the event twice', number(result.duplicatesExplained.copy)],
    ['  without a cause', number(result.duplicatesUnexplained)],
    ['dead letters written again, with the same id', number(result.deadLettersAgain)],
    ['records in the books', number(result.received)],
    ['  published again', number(result.books.publishedAgain)],
    ['  counted again, because the batch came again', number(result.books.countedAgain)],
    ['  without a cause', number(result.books.receivedUnexplained)],
    ['batches with wrong books', number(result.books.wrongBatches)],
    ['messages in no books', number(result.books.uncounted)],
  );
  return table.toString();
}

function tableOf(head: readonly [string, string]) {
  return new Table({ ...plainTable, head: [...head], colAligns: ['left', 'right'] });
}

/** One or two sentences with the whole result. */
function verdict(result: FaultsResult, isNotShownAccepted: boolean): string {
  const { produced, faults, notShown, seconds, isGivenUp, duplicatesStored } = result;
  const kinds = Object.keys(faults).length;
  const fired = Object.values(faults).reduce((sum, times) => sum + times, 0);
  const under = `${number(fired)} faults of ${kinds - notShown.length} kinds, ${seconds.toFixed(0)} s`;
  if (isGivenUp) return `NOT WELL: no more batches were settled, so the run was stopped. ${wrongs(result)} (${under}).`;
  if (!isWell(result)) return `NOT WELL: ${wrongs(result)} (${under}).`;
  const account = `each of ${number(produced)} records has the expected result, and each of ${number(duplicatesStored)} rows that are stored again has a cause`;
  if (notShown.length === 0) return `All well: ${account} (${under}).`;
  const left = `These faults never fired: ${notShown.join(', ')}.`;
  if (isNotShownAccepted) return `All well: ${account} (${under}). ${left}`;
  return `NOT SHOWN completely: ${account} (${under}). ${left} Use more events, or --accept-not-shown.`;
}

/** The number of errors of each kind. */
export function wrongs(judgement: Omit<Judgement, 'examples' | 'books' | 'duplicatesExplained'>): string {
  const { lost, unexpected, wrong, duplicatesUnexplained, miscounted } = judgement;
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'lost'],
    [unexpected, 'never produced'],
    [wrong, 'wrong'],
    [duplicatesUnexplained, 'repeated without a cause'],
    [miscounted, 'miscounted'],
  ];
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${number(count)} ${what}`])).join(', ');
}
