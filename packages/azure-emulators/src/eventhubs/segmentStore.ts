/**
 * A partition's batches on disk, so that a restarted emulator goes on where it stopped. The files are only appended to;
 * a full one is followed by the next, and a file whose events have all expired is deleted. The last file is always kept:
 * it says which sequence number comes next.
 *
 * A batch is handed to the operating system before it is acknowledged. It survives the end of the process, kill -9
 * included, but not necessarily a power failure.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Batch, BatchStore } from './partitionLog';
import { decodeRecord, encodeRecord, encodeSegmentHead, readSegmentHead, segmentHeadBytes } from './segments';

/** A file is followed by the next once it is this large. */
const defaultSegmentBytes = 16 * 1024 * 1024;
const suffix = '.log';

interface Segment {
  readonly path: string;
  readonly firstSequenceNumber: number;
}

export class SegmentStore implements BatchStore {
  readonly #segments: Segment[] = [];
  #file: number | undefined;
  /** Bytes of the last file that are whole records. */
  #length = 0;

  constructor(
    private readonly directory: string,
    private readonly segmentBytes = defaultSegmentBytes,
  ) {}

  /**
   * Reads everything back, oldest first. If the last write was cut short, what there is of it is removed and `report`
   * gets a line about it. Throws if a file is damaged in any other way.
   */
  load(restore: (batch: Batch) => void, report: (line: string) => void): void {
    mkdirSync(this.directory, { recursive: true, mode: 0o700 });
    const names = readdirSync(this.directory).filter((name) => name.endsWith(suffix));
    for (const [index, name] of names.toSorted().entries()) {
      this.loadSegment(join(this.directory, name), index === names.length - 1, restore, report);
    }
  }

  private loadSegment(
    path: string,
    isLast: boolean,
    restore: (batch: Batch) => void,
    report: (line: string) => void,
  ): void {
    const bytes = readFileSync(path);
    const head = readSegmentHead(bytes);
    if (!head) {
      if (!isLast || bytes.length >= segmentHeadBytes) throw damaged(path, 0, 'it does not begin like a log');
      report(`${path}: removed, its first ${bytes.length} bytes were all that was written before the last stop`);
      rmSync(path);
      return;
    }
    let { firstSequenceNumber, firstOffset } = head;
    let at = segmentHeadBytes;
    while (at < bytes.length) {
      const record = decodeRecord(bytes, at, { firstSequenceNumber, firstOffset });
      if (record.kind === 'whole') {
        restore(record.batch);
        firstSequenceNumber += record.batch.events.length;
        firstOffset += record.batch.events.reduce((sum, event) => sum + event.length, 0);
        at = record.end;
        continue;
      }
      if (record.kind === 'damaged' || !isLast) throw damaged(path, at, 'a record does not match its checksum');
      report(`${path}: cut ${bytes.length - at} bytes off at byte ${at}, a batch whose writing was cut short`);
      break;
    }
    this.#segments.push({ path, firstSequenceNumber: head.firstSequenceNumber });
    if (isLast) this.reopen(path, at);
  }

  private reopen(path: string, length: number): void {
    this.#file = openSync(path, 'r+');
    ftruncateSync(this.#file, length);
    this.#length = length;
  }

  append(batch: Batch): void {
    const record = encodeRecord(batch);
    const file = this.fileFor(batch, record.length);
    try {
      this.write(file, record);
    } catch (error) {
      ftruncateSync(file, this.#length); // a batch is stored whole or not at all
      throw error;
    }
    this.#length += record.length;
  }

  private fileFor({ firstSequenceNumber, firstOffset }: Batch, length: number): number {
    if (this.#file !== undefined && this.#length + length <= this.segmentBytes) return this.#file;
    if (this.#file !== undefined && this.#length === segmentHeadBytes) return this.#file;
    const path = join(this.directory, `${String(firstSequenceNumber).padStart(20, '0')}${suffix}`);
    const file = openSync(path, 'w', 0o600);
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
    this.#length = 0;
    const head = encodeSegmentHead({ firstSequenceNumber, firstOffset });
    this.write(file, head);
    this.#length = head.length;
    this.#segments.push({ path, firstSequenceNumber });
    return file;
  }

  private write(file: number, bytes: Buffer): void {
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(file, bytes, written, bytes.length - written, this.#length + written);
    }
  }

  forget(beforeSequenceNumber: number): void {
    for (;;) {
      const [oldest, second] = this.#segments;
      if (!oldest || !second || second.firstSequenceNumber > beforeSequenceNumber) return;
      rmSync(oldest.path, { force: true });
      this.#segments.shift();
    }
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

function damaged(path: string, at: number, why: string): Error {
  return new Error(
    `Event Hubs emulator: ${path} is damaged at byte ${at}: ${why}. ` +
      'Restore the file from a copy, or delete the directory to start with empty hubs.',
  );
}
