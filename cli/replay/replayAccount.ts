import { keysOf } from '../../shared/keysOf';
import type { Found } from '../deadLetters/storedLetters';

/** What happened to the letters, as `--json` prints it. `matched` is the sum of what follows it, unless the run was stopped. */
export interface ReplayAccount {
  /** Letters in the hub, each once. */
  read: number;
  /** Copies of letters: a write that failed was stored all the same. */
  copies: number;
  /** Events that are not dead letters. */
  foreign: number;
  matched: number;
  /** Listed, shown or exported. */
  shown: number;
  sent: number;
  /** What a run without --dry-run would send. */
  wouldSend: number;
  /** Sent by an earlier run, according to the checkpoint. */
  alreadySent: number;
  /** Parts are missing, or the body cannot be unpacked. */
  incomplete: number;
  /** Larger than the source hub allows. */
  tooLarge: number;
  /** From a hub that the app does not read. */
  otherHub: number;
  /** The run ended before it had looked at every letter. */
  stopped: boolean;
}

export function newAccount(): ReplayAccount {
  const looked = { read: 0, copies: 0, foreign: 0, matched: 0 };
  const became = { shown: 0, sent: 0, wouldSend: 0, alreadySent: 0, incomplete: 0, tooLarge: 0, otherHub: 0 };
  return { ...looked, ...became, stopped: false };
}

export function countFound(account: ReplayAccount, { kind }: Found): void {
  if (kind === 'letter' || kind === 'incomplete') account.read++;
  else if (kind === 'again') account.copies++;
  else account.foreign++;
}

export function isWell({ foreign, incomplete, tooLarge, otherHub, stopped }: ReplayAccount): boolean {
  return foreign + incomplete + tooLarge + otherHub === 0 && !stopped;
}

/** What can happen to a letter that matched. */
const fates = {
  shown: 'written out',
  sent: 'sent',
  wouldSend: 'would be sent',
  alreadySent: 'sent by an earlier run',
  incomplete: 'incomplete',
  tooLarge: 'too large',
  otherHub: 'from a hub that the app does not read',
} as const satisfies Partial<Record<keyof ReplayAccount, string>>;

export function replayText(account: ReplayAccount): string {
  const { read, copies, foreign, matched, stopped } = account;
  const became = keysOf(fates).flatMap((fate) => (account[fate] === 0 ? [] : [`${account[fate]} ${fates[fate]}`]));
  const lines = [
    `${read} dead letters read, ${matched} matched${became.length === 0 ? '' : `: ${became.join(', ')}`}.`,
  ];
  if (copies > 0) lines.push(`${copies} copies of letters were skipped.`);
  if (foreign > 0) lines.push(`${foreign} events in the hub are not dead letters.`);
  if (stopped) lines.push('Stopped before the end: run it again to continue.');
  return lines.join('\n');
}
