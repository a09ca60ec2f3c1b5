import type { StoredOwner } from './partitionStorage';

export interface Subject {
  readonly hub: string;
  readonly partition: string;
  readonly consumerGroup: string;
  readonly deadLetterHub: string;
}

/** The most ids that the account lists; it counts the others, and the first and last sequence number show which they are. */
const maxIds = 1000;

/** What was done. It counts messages: the command does not parse them, because one of them may be what crashes the app. */
export interface SetAsideAccount extends Subject {
  readonly dryRun: boolean;
  /** Who read the partition at the beginning. */
  owner: StoredOwner | undefined;
  checkpointBefore: number | undefined;
  checkpointAfter: number | undefined;
  /** Messages in the range. */
  asked: number;
  /** Messages that were set aside: acknowledged by the dead-letter hub, and before the checkpoint. */
  messages: number;
  bytes: number;
  firstSequenceNumber: number | undefined;
  lastSequenceNumber: number | undefined;
  /** Messages that retention deleted before the app had settled them. */
  expired: number;
  readonly ids: string[];
  idsLeftOut: number;
  stopped: boolean;
}

export function newAccount(subject: Subject, dryRun: boolean): SetAsideAccount {
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

export function countMoved(account: SetAsideAccount, { id, sequenceNumber, bytes }: Moved): void {
  account.messages++;
  account.bytes += bytes;
  account.firstSequenceNumber ??= sequenceNumber;
  account.lastSequenceNumber = sequenceNumber;
  if (account.ids.length < maxIds) account.ids.push(id);
  else account.idsLeftOut++;
}

export function isWell({ expired, stopped, asked, messages, dryRun }: SetAsideAccount): boolean {
  return expired === 0 && !stopped && (dryRun || asked === messages);
}

/** The account as one JSON object; unknown values are null. */
export function accountJson({ owner, ...account }: SetAsideAccount): string {
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

/** The reason of every dead letter that set-aside writes. */
export const reason = 'SetAside';
