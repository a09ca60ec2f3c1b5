import Table from 'cli-table3';
import { counted, number } from '../common/numberText';
import { plainTable, wrapped } from '../common/printable';
import type { Outcomes } from './evidence';
import { faultName } from './faultNames';
import type { FaultsResult } from './faultRun';
import { isWell, type Judgement } from './judge';

const columns = 80;

export function isShown({ notShown }: Pick<FaultsResult, 'notShown'>): boolean {
  return notShown.length === 0;
}

/** The result of `npm run faults`. The last paragraph is the verdict. */
export function faultsSummary(result: FaultsResult, outcomes: Outcomes, isNotShownAccepted: boolean): string {
  const examples = result.examples.map((text) => `${wrapped(`- ${text}`, columns - 2).replaceAll('\n', '\n  ')}\n`);
  const parts = [
    faultsTable(result.faults),
    accountTable(result, outcomes),
    ...(examples.length === 0 ? [] : [`The first errors:\n${examples.join('')}`.trimEnd()]),
    wrapped(verdict(result, isNotShownAccepted), columns),
  ];
  return parts.join('\n\n');
}

function faultsTable(faults: Readonly<Record<string, number>>): string {
  const table = tableOf(['fault', 'times']);
  for (const [kind, times] of Object.entries(faults)) {
    table.push([faultName(kind), times === 0 ? 'not shown' : number(times)]);
  }
  return table.toString();
}

/** The indented lines below `records produced`, `stored again` and `records in the app's books` add up to it. */
function accountTable(result: FaultsResult, outcomes: Outcomes): string {
  const { books, duplicatesExplained } = result;
  const table = tableOf(['account', '']);
  const lines: readonly (readonly [string, number])[] = [
    ['records produced, damaged messages and copies included', result.produced],
    ['  become rows', outcomes.rows],
    ['  are skipped', outcomes.skipped],
    ...(outcomes.dropped > 0 ? ([['  are dropped by rules', outcomes.dropped]] as const) : []),
    ['  are dead-lettered', outcomes.deadLettered],
    ['  are duplicates', outcomes.duplicates],
    ['distinct rows stored', result.stored],
    ['lost', result.lost],
    ['stored or dead-lettered, but never produced', result.unexpected],
    ['stored or dead-lettered, but wrong', result.wrong],
    ['rows stored again', result.duplicatesStored],
    ['  because the answer was lost', duplicatesExplained.answerLost],
    ['  because the process that had sent it ended', duplicatesExplained.crash],
    ['  because its partition moved', duplicatesExplained.moved],
    ['  because the hub stored the event twice', duplicatesExplained.copy],
    ['  without a cause', result.duplicatesUnexplained],
    ['dead letters written again, with the same id', result.deadLettersAgain],
    ["records in the app's books, repeats included", result.received],
    ['  produced', result.produced],
    ['  more because the hub stored the event twice', books.publishedAgain],
    ['  counted again because the batch was redelivered', books.countedAgain],
    ['  without a cause', books.receivedUnexplained],
    ['batches with wrong books', books.wrongBatches],
    ['messages that no batch counted', books.uncounted],
  ];
  for (const [what, count] of lines) table.push([what, number(count)]);
  return table.toString();
}

function tableOf(head: readonly [string, string]) {
  return new Table({ ...plainTable, head: [...head], colAligns: ['left', 'right'] });
}

/** A few sentences with the whole result. */
function verdict(result: FaultsResult, isNotShownAccepted: boolean): string {
  const { produced, faults, notShown, seconds, isGivenUp, duplicatesStored } = result;
  const kinds = Object.keys(faults).length;
  const fired = Object.values(faults).reduce((sum, times) => sum + times, 0);
  const under = `(${number(fired)} faults of ${kinds - notShown.length} kinds, ${seconds.toFixed(0)} s)`;
  if (isGivenUp) {
    const found = isWell(result) ? '' : ` Until then: ${wrongs(result)}.`;
    return `Failed: no more batches were settled, so the run was stopped.${found} ${under}`;
  }
  if (!isWell(result)) return `Failed: ${wrongs(result)}. ${under}`;
  const repeated =
    duplicatesStored === 0
      ? 'No row was stored again.'
      : `Rows were stored again ${counted(duplicatesStored, 'time')}, each explained by a fault above.`;
  const account = `all ${number(produced)} records ended as expected. ${repeated} ${under}`;
  if (notShown.length === 0) return `Passed: ${account}`;
  const left = `These faults never fired: ${notShown.map(faultName).join('; ')}.`;
  if (isNotShownAccepted) return `Passed: ${account} ${left}`;
  return `Not complete: ${account} ${left} Use more events, or --accept-not-shown.`;
}

/** The number of errors of each kind. */
export function wrongs(judgement: Omit<Judgement, 'examples' | 'books' | 'duplicatesExplained'>): string {
  const { lost, unexpected, wrong, duplicatesUnexplained, miscounted } = judgement;
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'lost'],
    [unexpected, 'never produced'],
    [wrong, 'wrong'],
    [duplicatesUnexplained, 'stored again without a cause'],
    [miscounted, 'miscounted'],
  ];
  return counts.flatMap(([count, what]) => (count === 0 ? [] : [`${number(count)} ${what}`])).join(', ');
}
