import { wrapped } from '../common/printable';
import { quoted } from '../common/terminal';
import type { PartitionLog, Range } from './messageRange';
import { isAlive, ownerText, refusal } from './ownership';
import type { StoredOwner } from './partitionStorage';

/** What is done with whose messages. */
export interface Subject {
  readonly hub: string;
  readonly partition: string;
  readonly consumerGroup: string;
  readonly deadLetterHub: string;
}

/** Ids that the account lists; of more, the first and the last say the rest. */
const maxIds = 1000;

/** What was done, in messages: nobody looks into them, as one of them may be what ends the app. */
export interface Account extends Subject {
  readonly dryRun: boolean;
  /** Who read the partition when it began. */
  owner: StoredOwner | undefined;
  checkpointBefore: number | undefined;
  checkpointAfter: number | undefined;
  /** What the range holds, set aside or not. */
  asked: number;
  /** Set aside: acknowledged by the dead-letter hub, and behind the checkpoint. */
  messages: number;
  bytes: number;
  firstSequenceNumber: number | undefined;
  lastSequenceNumber: number | undefined;
  /** Taken by retention before anybody had settled them. */
  expired: number;
  readonly ids: string[];
  idsLeftOut: number;
  stopped: boolean;
}

export function newAccount(subject: Subject, dryRun: boolean): Account {
  return {
    ...subject,
    dryRun,
    owner: undefined,
    checkpointBefore: undefined,
    checkpointAfter: undefined,
    asked: 0,
    messages: 0,
    bytes: 0,
    firstSequenceNumber: undefined,
    lastSequenceNumber: undefined,
    expired: 0,
    ids: [],
    idsLeftOut: 0,
    stopped: false,
  };
}

export interface Moved {
  readonly id: string;
  readonly sequenceNumber: number;
  readonly bytes: number;
}

export function countMoved(account: Account, { id, sequenceNumber, bytes }: Moved): void {
  account.messages++;
  account.bytes += bytes;
  account.firstSequenceNumber ??= sequenceNumber;
  account.lastSequenceNumber = sequenceNumber;
  if (account.ids.length < maxIds) account.ids.push(id);
  else account.idsLeftOut++;
}

export function isWell({ expired, stopped, asked, messages, dryRun }: Account): boolean {
  return expired === 0 && !stopped && (dryRun || asked === messages);
}

/** The account as one JSON object; what is not known is null. */
export function accountJson({ owner, ...account }: Account): string {
  const { checkpointBefore = null, checkpointAfter = null } = account;
  const { firstSequenceNumber = null, lastSequenceNumber = null, messages } = account;
  return JSON.stringify({
    ...account,
    owner: owner === undefined || owner.id === '' ? null : { id: owner.id, renewedSecondsAgo: owner.renewedSecondsAgo },
    checkpointBefore,
    checkpointAfter,
    firstSequenceNumber,
    lastSequenceNumber,
    deadLetteredByReason: messages === 0 ? {} : { [reason]: messages },
    rowsMayBeStored: messages > 0,
  });
}

/** Of every dead letter that is written here. */
export const reason = 'SetAside';

/** One message as the dry run shows it. */
export interface Seen {
  readonly sequenceNumber: number;
  readonly bytes: number;
  readonly enqueued: Date;
}

export interface Preview {
  readonly log: PartitionLog;
  readonly range: Range;
  /** The messages of the range, if there are not too many; or why they could not be looked at. */
  readonly seen: readonly Seen[] | string;
  readonly mayTake: boolean;
  /** What would do it. */
  readonly command: string;
}

/** Messages that the dry run lists one by one. */
const maxListed = 20;

export function previewText(account: Account, { log, range, seen, mayTake, command }: Preview, width: number): string {
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
  const sizes = typeof seen === 'string' ? '' : `, ${number(sum(seen))} bytes`;
  lines.push(`Would be set aside: ${messagesText(count, first, last)}${sizes}.`);
  if (typeof seen === 'string') lines.push(wrapped(seen, width));
  else if (seen.length <= maxListed) {
    lines.push(
      ...seen.map((one) => `  ${one.sequenceNumber}  ${one.enqueued.toISOString()}  ${number(one.bytes)} bytes`),
    );
  }
  if (isAlive(owner)) {
    lines.push(
      wrapped(
        mayTake ? 'The partition would be taken from its owner.' : `It would be refused now. ${refusal(owner)}`,
        width,
      ),
    );
  }
  return [...lines, 'Nothing was written. To do it:', `  ${command}`].join('\n');
}

export function accountText(account: Account, width: number, settings?: string): string {
  const { messages, bytes, firstSequenceNumber = 0, lastSequenceNumber = 0, stopped, deadLetterHub, owner } = account;
  const { checkpointBefore, checkpointAfter } = account;
  const settingsOption = settings === undefined ? '' : ` --settings ${quoted(settings)}`;
  const lines = [...expiredLines(account.expired, firstSequenceNumber, width)];
  if (messages === 0) {
    const where = checkpointAfter === undefined ? '' : ` The checkpoint is at ${checkpointAfter}.`;
    lines.push(wrapped(`Nothing was set aside.${where}`, width));
  } else {
    lines.push(
      `Set aside in ${deadLetterHub}:`,
      `  ${messagesText(messages, firstSequenceNumber, lastSequenceNumber)}, ${number(bytes)} bytes, reason ${reason}.`,
      `The checkpoint moved from ${checkpointBefore ?? 'none'} to ${checkpointAfter}.`,
      wrapped(
        'Rows of these messages may have been accepted before: replaying them then gives copies with the same EventUid.',
        width,
      ),
    );
    if (isAlive(owner)) {
      lines.push(wrapped('The host may still hold the batch in memory: restart the app now.', width));
    }
    lines.push(
      'To look at them, and to send them again when the cause is gone:',
      ...['list', 'send'].map((task) => `  npm run replay -- ${task} --reason ${reason}${settingsOption}`),
    );
  }
  if (stopped) lines.push('Stopped before the end: run it again to go on.');
  return lines.join('\n');
}

function expiredLines(expired: number, first: number, width: number): string[] {
  if (expired === 0) return [];
  const text = `${number(expired)} messages are lost: retention took them from the hub before anybody had settled them. The oldest that is left is ${first}.`;
  return [wrapped(text, width)];
}

function messagesText(count: number, first: number, last: number): string {
  return count === 1 ? `1 message, ${first}` : `${number(count)} messages, ${first} to ${last}`;
}

function sum(seen: readonly Seen[]): number {
  return seen.reduce((total, { bytes }) => total + bytes, 0);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
