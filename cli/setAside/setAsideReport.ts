import { counted, number } from '../common/numberText';
import { wrapped } from '../common/printable';
import { quoted } from '../common/terminal';
import type { LogEnds, Range } from './messageRange';
import { isOwned, ownerText, rejection } from './ownership';
import { reason, type SetAsideAccount } from './setAsideAccount';

/** One message as the dry run shows it. */
export interface Seen {
  readonly sequenceNumber: number;
  readonly bytes: number;
  readonly enqueued: Date;
}

export interface Preview {
  readonly log: LogEnds;
  readonly range: Range;
  /** The messages of the range; or why they are not shown. */
  readonly seen: readonly Seen[] | string;
  readonly mayTake: boolean;
  /** The command that does it. */
  readonly command: string;
}

/** The most messages that the dry run lists. */
const maxListed = 20;

export function previewText(
  account: SetAsideAccount,
  { log, range, seen, mayTake, command }: Preview,
  width: number,
): string {
  const { first, last, expired } = range;
  const count = Math.max(0, last - first + 1);
  const { owner, checkpointBefore } = account;
  const lines = [
    `${account.hub}, partition ${account.partition}`,
    `  consumer group  ${account.consumerGroup}`,
    `  owner           ${ownerText(owner)}`,
    `  checkpoint      ${checkpointBefore ?? 'none yet'}`,
    `  in the hub      ${log.last < log.first ? 'no messages' : `${number(log.first)} to ${number(log.last)}`}`,
    ...expiredLines(expired, first, width),
  ];
  if (count === 0) return [...lines, 'There is nothing to set aside.'].join('\n');
  if (typeof seen === 'string') {
    lines.push(`Would be set aside: ${messagesText(count, first, last)}.`, wrapped(seen, width));
  } else {
    const bytes = seen.reduce((sum, one) => sum + one.bytes, 0);
    lines.push(`Would be set aside: ${messagesText(count, first, last)}, ${number(bytes)} bytes.`);
    const listed = seen.length <= maxListed ? seen : [];
    lines.push(
      ...listed.map((one) => `  ${one.sequenceNumber}  ${one.enqueued.toISOString()}  ${number(one.bytes)} bytes`),
    );
  }
  if (isOwned(owner)) {
    const taken = 'The command would take the partition from its owner.';
    lines.push(wrapped(mayTake ? taken : `The command would fail now. ${rejection(owner)}`, width));
  }
  return [...lines, 'Nothing was written. To do it:', `  ${command}`].join('\n');
}

export function setAsideText(account: SetAsideAccount, width: number, settings?: string): string {
  const { messages, bytes, firstSequenceNumber = 0, lastSequenceNumber = 0, stopped, deadLetterHub, owner } = account;
  const { checkpointBefore, checkpointAfter, expired } = account;
  const option = settings === undefined ? '' : ` --settings ${quoted(settings)}`;
  const lines = expiredLines(expired, firstSequenceNumber, width);
  if (messages === 0) {
    const where = checkpointAfter === undefined ? '' : ` The checkpoint is at ${checkpointAfter}.`;
    lines.push(wrapped(`Nothing was set aside.${where}`, width));
  } else {
    const copies =
      'Some rows of these messages may already be stored: a replay then stores copies with the same EventUid.';
    lines.push(
      `Set aside in ${deadLetterHub}:`,
      `  ${messagesText(messages, firstSequenceNumber, lastSequenceNumber)}, ${number(bytes)} bytes, reason ${reason}.`,
      `The checkpoint moved from ${checkpointBefore ?? 'none'} to ${checkpointAfter}.`,
      wrapped(copies, width),
    );
    if (isOwned(owner)) lines.push(wrapped('The host may still hold the batch in memory: restart the app now.', width));
    lines.push(
      'To look at them, and to send them again once the cause is fixed:',
      ...['list', 'send'].map((task) => `  npm run replay -- ${task} --reason ${reason}${option}`),
    );
  }
  if (stopped) lines.push('Stopped before the end: run it again to continue.');
  return lines.join('\n');
}

function expiredLines(expired: number, first: number, width: number): string[] {
  if (expired === 0) return [];
  const lost = `${counted(expired, 'message')} lost: retention deleted them before the app had settled them.`;
  return [wrapped(`${lost} The oldest message in the hub is ${first}.`, width)];
}

function messagesText(count: number, first: number, last: number): string {
  return count === 1 ? `1 message, ${first}` : `${number(count)} messages, ${first} to ${last}`;
}
