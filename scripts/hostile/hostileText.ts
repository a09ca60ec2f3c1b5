import { megabytes } from '../../cli/common/numberText';
import type { HostileAccount } from './check';

/** The result of a check as lines of text. */
export function hostileText(account: HostileAccount): string {
  const { produced, tally, memory, seconds } = account;
  const dead = Object.entries(tally.deadLetteredByReason).map(([reason, count]) => `${count} ${reason}`);
  return [
    `${produced} records in ${tally.messages} messages, ${megabytes(tally.bytesIn)} in ${seconds.toFixed(1)} s: ${Math.round(produced / seconds)} records/s`,
    `${tally.sent} rows, ${tally.skipped} skipped, ${tally.duplicates} duplicates, ${tally.deadLettered} dead letters (${dead.join(', ')})`,
    `books: ${account.balances ? 'balanced' : 'NOT balanced'}`,
    ...told('outcomes', account.differences.length, 'not as expected', account.differences),
    ...told('rows', account.brokenRows, `of ${account.rowsChecked} break a rule`, account.brokenRules),
    `memory: ${memory.atTenth} MiB at 10%, ${memory.atHalf} MiB at 50%, ${memory.atEnd} MiB at 100%, peak ${memory.peak} MiB: ${memory.isFlat ? 'flat' : 'NOT flat'}`,
  ].join('\n');
}

function told(what: string, count: number, wrong: string, examples: readonly string[]): string[] {
  return [`${what}: ${count} ${wrong}`, ...examples.map((example) => `  ${example.replaceAll('\n', '\n    ')}`)];
}
