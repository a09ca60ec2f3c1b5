import type { CheckpointFile } from '../common/checkpointFile';
import { reasonOf } from '../common/errorText';
import { printable } from '../common/printable';
import { type InputMessage, type InputOptions, messagesOf } from '../input/inputMessages';
import type { ArchiveFile } from './archiveFile';
import type { BackfillAccount } from './backfillAccount';
import { type Packed, pack } from './packMessages';
import { type PublishedFiles, progressEntry } from './publishedFiles';
import type { Rate } from './rateLimit';

/** Messages in flight. When the command is killed, the next run publishes at most these again. */
export const windowSize = 8;

export interface Publishing {
  readonly files: readonly ArchiveFile[];
  readonly input?: Pick<InputOptions, 'table' | 'dates'>;
  readonly published: PublishedFiles;
  /** Undefined for a dry run without a hub. */
  readonly checkpoint: Pick<CheckpointFile, 'append'> | undefined;
  /** Stores a message; resolves to false when it is larger than the hub allows. Undefined for a dry run. */
  readonly send: ((body: Buffer) => Promise<boolean>) | undefined;
  readonly bytesRate: Rate;
  readonly recordsRate: Rate;
  readonly account: BackfillAccount;
  readonly warn: (line: string) => void;
  /** Called after each window. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/** Publishes the files of an archive one after the other, each from its checkpoint. @throws what `send` throws. */
export async function publishArchive(publishing: Publishing): Promise<void> {
  const { files, published, account, warn, signal } = publishing;
  for (const file of files) {
    const { line, isDone } = published.of(file);
    if (isDone) {
      account.filesDoneBefore++;
      continue;
    }
    const failure = await publishFile(file, line, publishing);
    if (failure !== undefined) {
      account.filesFailed++;
      warn(`${printable(file.name, 400)} could not be read to its end: ${reasonOf(failure)}`);
    }
    if (signal.aborted) {
      account.stopped = true;
      return;
    }
  }
}

/** Resolves to the error that ended reading, after everything before it is published. */
async function publishFile(file: ArchiveFile, after: number, publishing: Publishing): Promise<unknown> {
  const { checkpoint, signal, input, warn } = publishing;
  const note = (line: string): void => warn(`${printable(file.name, 400)}: ${line}`);
  let failure: unknown;
  const lines = readable(messagesOf(file.bytes(), { ...input, note }), (error) => (failure = error));
  let window: Packed[] = [];
  let line = after;
  for await (const packed of pack(lines, after)) {
    window.push(packed);
    if (window.length < windowSize) continue;
    line = await publishWindow(window, file, line, publishing);
    window = [];
    if (signal.aborted) return undefined;
  }
  line = await publishWindow(window, file, line, publishing);
  if (signal.aborted) return undefined;
  if (failure === undefined) await checkpoint?.append([progressEntry(file, line, true)]);
  return failure;
}

/** The messages up to an error, which ends them. */
async function* readable(
  messages: AsyncIterable<InputMessage>,
  onError: (error: unknown) => void,
): AsyncGenerator<InputMessage, void, undefined> {
  try {
    yield* messages;
  } catch (error) {
    onError(error);
  }
}

/** Returns the line up to which the file is published now. */
async function publishWindow(
  window: readonly Packed[],
  file: ArchiveFile,
  before: number,
  publishing: Publishing,
): Promise<number> {
  const { checkpoint, bytesRate, recordsRate, onProgress, signal } = publishing;
  const failures: unknown[] = [];
  const attempts: Promise<void>[] = [];
  let line = before;
  for (const packed of window) {
    if (publishing.send !== undefined) {
      await bytesRate.take(packed.body.length, signal);
      await recordsRate.take(packed.records, signal);
    }
    if (signal.aborted || failures.length > 0) break;
    attempts.push(publish(packed, file, publishing).catch((error: unknown) => void failures.push(error)));
    line = packed.line;
  }
  await Promise.all(attempts);
  if (failures.length > 0) throw failures[0];
  if (line > before) await checkpoint?.append([progressEntry(file, line, false)]);
  onProgress();
  return line;
}

async function publish(packed: Packed, file: ArchiveFile, { send, account, warn }: Publishing): Promise<void> {
  const { body, records, line, isNoJson } = packed;
  if (send !== undefined && !(await send(body))) {
    account.tooLarge++;
    warn(
      `${printable(file.name, 400)}, line ${line}: not published, ${body.length} bytes are more than an event takes.`,
    );
    return;
  }
  account.messages++;
  account.records += records;
  account.bytes += body.length;
  if (isNoJson) account.noJson++;
}
