import { counted, megabytes, number } from '../common/numberText';

/** What this run published, as `--json` prints it. */
export interface BackfillAccount {
  /** Files in the archive. */
  files: number;
  /** Files that an earlier run published completely, according to the checkpoint. */
  filesDoneBefore: number;
  /** Files that could not be read completely. */
  filesFailed: number;
  messages: number;
  records: number;
  bytes: number;
  /** Lines that are not JSON: published unchanged. The app reads the whole records in them and dead-letters the rest. */
  noJson: number;
  /** Messages that are larger than the hub allows: not published. */
  tooLarge: number;
  /** Nothing was sent: the figures say what would be. */
  dryRun: boolean;
  /** The run ended before everything was published. */
  stopped: boolean;
}

export function newAccount(files: number, dryRun: boolean): BackfillAccount {
  const counts = { filesDoneBefore: 0, filesFailed: 0, messages: 0, records: 0, bytes: 0, noJson: 0, tooLarge: 0 };
  return { files, ...counts, dryRun, stopped: false };
}

export function isWell({ filesFailed, noJson, tooLarge, stopped }: BackfillAccount): boolean {
  return filesFailed + noJson + tooLarge === 0 && !stopped;
}

export function backfillText(account: BackfillAccount): string {
  const { files, filesDoneBefore, filesFailed, messages, records, bytes, noJson, tooLarge, dryRun, stopped } = account;
  const lines = [
    `${counted(files, 'file')}, ${number(filesDoneBefore)} of them done by an earlier run.`,
    `${dryRun ? 'Would publish' : 'Published'} ${counted(records, 'record')} in ${counted(messages, 'message')}, ${megabytes(bytes)}.`,
  ];
  if (noJson > 0)
    lines.push(`Not JSON: ${counted(noJson, 'line')}; whole records in them become rows, the rest dead letters.`);
  if (tooLarge > 0) lines.push(`Too large, not published: ${counted(tooLarge, 'message')}.`);
  if (filesFailed > 0) lines.push(`Not read to the end: ${counted(filesFailed, 'file')}.`);
  if (stopped) lines.push('Stopped before the end: run it again to continue.');
  return lines.join('\n');
}
