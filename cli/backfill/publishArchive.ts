import { reasonOf } from '../azure/hubError';
import type { CheckpointFile } from '../common/checkpointFile';
import { printable } from '../common/printable';
import { type InputMessage, type InputOptions, messagesOf } from '../input/inputMessages';
import type { ArchiveFile } from './archiveFile';
import type { Account } from './backfillAccount';
import { type Positions, positionEntry } from './filePositions';
import { type Packed, pack } from './packMessages';
import type { Rate } from './rateLimit';

/** Messages on the way at a time. When the command is killed, at most these are published once more by the next run. */
export const windowSize = 8;

export interface Publishing {
  readonly files: readonly ArchiveFile[];
  /** How rows of queries and exports are read. */
  readonly input?: Pick<InputOptions, 'table' | 'dates'>;
  readonly positions: Positions;
  /** Undefined for a dry run that knows no hub. */
  readonly checkpoint: Pick<CheckpointFile, 'append'> | undefined;
  /** Stores a message; false when it is larger than the hub allows. Undefined for a dry run. */
  readonly send: ((body: Buffer) => Promise<boolean>) | undefined;
  readonly bytesRate: Rate;
  readonly recordsRate: Rate;
  readonly account: Account;
  /** Takes a line about what is not as it should be. */
  readonly warn: (line: string) => void;
  /** Called after each window. */
  readonly onProgress: () => void;
  readonly signal: AbortSignal;
}

/** Publishes the files of an archive, one after the other, from where the checkpoint says. @throws what `send` throws. */
export async function publishArchive(publishing: Publishing): Promise<void> {
  const { files, positions, account, warn, signal } = publishing;
  for (const file of files) {
    const { line, isDone } = positions.of(file);
    if (isDone) {
      account.filesDoneBefore++;
      continue;
    }
    try {
      await publishFile(file, line, publishing);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      account.filesFailed++;
      warn(`${printable(file.name, 400)} could not be read to its end: ${error.message}`);
    }
    if (signal.aborted) {
      account.stopped = true;
      return;
    }
  }
}

class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

async function publishFile(file: ArchiveFile, after: number, publishing: Publishing): Promise<void> {
  const { checkpoint, signal, input, warn } = publishing;
  const note = (line: string): void => warn(`${printable(file.name, 400)}: ${line}`);
  const lines = new ReadableLines(file, { ...input, note });
  let window: Packed[] = [];
  let line = after;
  for await (const packed of pack(lines.read(), after)) {
    window.push(packed);
    if (window.length < windowSize) continue;
    line = await publishWindow(window, file, line, publishing);
    window = [];
    if (signal.aborted) return;
  }
  line = await publishWindow(window, file, line, publishing);
  if (signal.aborted) return;
  if (lines.failure !== undefined) throw new UnreadableFile(reasonOf(lines.failure), { cause: lines.failure });
  await checkpoint?.append([positionEntry(file, line, true)]);
}

/** The lines of a file, up to where it is damaged: what stands before that is published, too. */
class ReadableLines {
  failure: unknown;

  constructor(
    private readonly file: ArchiveFile,
    private readonly options: InputOptions,
  ) {}

  async *read(): AsyncGenerator<InputMessage, void, undefined> {
    try {
      yield* messagesOf(this.file.bytes(), this.options);
    } catch (error) {
      this.failure = error;
    }
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
  if (line > before) await checkpoint?.append([positionEntry(file, line, false)]);
  onProgress();
  return line;
}

async function publish(packed: Packed, file: ArchiveFile, { send, account, warn }: Publishing): Promise<void> {
  if (send !== undefined && !(await send(packed.body))) {
    account.tooLarge++;
    warn(
      `${printable(file.name, 400)}, line ${packed.line}: ${packed.body.length} bytes are more than an event takes.`,
    );
    return;
  }
  account.messages++;
  account.records += packed.records;
  account.bytes += packed.body.length;
  if (packed.isNoJson) account.noJson++;
}
