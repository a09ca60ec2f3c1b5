import { counted, number } from '../common/numberText';

/** What was published by this run. */
export interface Account {
  /** In the archive. */
  files: number;
  /** Published to their end by an earlier run, as the checkpoint says. */
  filesDoneBefore: number;
  /** Could not be read to their end. */
  filesFailed: number;
  messages: number;
  records: number;
  bytes: number;
  /** Lines that are no JSON as a whole: published as they are. The app reads the whole records in them; the rest is dead-lettered. */
  noJson: number;
  /** Messages that are larger than the hub allows: not published. */
  tooLarge: number;
  /** Nothing was sent: the figures say what would be. */
  dryRun: boolean;
  /** Ended before everything was published. */
  stopped: boolean;
}

export function newAccount(files: number, dryRun: boolean): Account {
  return {
    files,
    filesDoneBefore: 0,
    filesFailed: 0,
    messages: 0,
    records: 0,
    bytes: 0,
    noJson: 0,
    tooLarge: 0,
    dryRun,
    stopped: false,
  };
}

export function isWell({ filesFailed, noJson, tooLarge, stopped }: Account): boolean {
  return filesFailed + noJson + tooLarge === 0 && !stopped;
}

/** The account in a few lines. */
export function accountText(account: Account): string {
  const { files, filesDoneBefore, filesFailed, messages, records, bytes, noJson, tooLarge, dryRun, stopped } = account;
  return [
    `${counted(files, 'file')}, ${number(filesDoneBefore)} of them done by an earlier run.`,
    `${dryRun ? 'Would publish' : 'Published'} ${counted(records, 'record')} in ${counted(messages, 'message')}, ${megabytes(bytes)}.`,
    ...(noJson > 0
      ? [`No JSON as a whole: ${counted(noJson, 'line')}; whole records in it become rows, the rest dead letters.`]
      : []),
    ...(tooLarge > 0 ? [`Too large, and left out: ${counted(tooLarge, 'message')}.`] : []),
    ...(filesFailed > 0 ? [`Not read to the end: ${counted(filesFailed, 'file')}.`] : []),
    ...(stopped ? ['Stopped before the end: run it again to go on.'] : []),
  ].join('\n');
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
