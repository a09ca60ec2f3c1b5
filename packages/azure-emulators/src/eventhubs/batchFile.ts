import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { isFields } from '../fields';
import type { Batch, BatchStore, ProducerMark } from './partitionLog';

const newline = 0x0a;

/**
 * A partition's batches on disk, one line of JSON each, so that a restarted emulator resumes where it stopped. Batches are
 * appended; those that have expired are left out when the file is opened the next time.
 *
 * The operating system has a batch before the batch is acknowledged. It survives the end of the process, `kill -9`
 * included, but perhaps not a power failure.
 */
export class BatchFile implements BatchStore {
  #file: number | undefined;
  /** Bytes of the file that are whole lines. */
  #length = 0;

  constructor(private readonly path: string) {}

  /**
   * Reads the batches back, oldest first, without those from before `oldest`; the last batch is always kept, because it says
   * which sequence number comes next. If the last write was cut short, its part is removed and `report` gets a line about
   * it. Throws if the file is damaged in any other way.
   */
  open(oldest: number, restore: (batch: Batch) => void, report: (line: string) => void): void {
    mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
    const file = openSync(this.path, 'a+', 0o600);
    this.#file = file;
    const bytes = readFileSync(file);
    this.#length = bytes.lastIndexOf(newline) + 1;
    if (this.#length < bytes.length) {
      ftruncateSync(file, this.#length);
      report(
        `${this.path}: removed the last ${bytes.length - this.#length} bytes, a batch whose writing was cut short`,
      );
    }
    const batches = this.readBatches(bytes.subarray(0, this.#length).toString('utf8'));
    const kept = batches.filter(({ enqueuedTime }, index) => enqueuedTime >= oldest || index === batches.length - 1);
    if (kept.length < batches.length) this.rewrite(kept);
    for (const batch of kept) restore(batch);
  }

  append(batch: Batch): void {
    const file = this.#file;
    if (file === undefined) throw new Error(`${this.path} is closed.`);
    const line = Buffer.from(lineOf(batch));
    try {
      for (let written = 0; written < line.length; ) written += writeSync(file, line, written);
    } catch (error) {
      ftruncateSync(file, this.#length); // a batch is stored whole or not at all
      throw error;
    }
    this.#length += line.length;
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  private readBatches(text: string): Batch[] {
    const batches: Batch[] = [];
    for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
      const batch = readLine(line);
      const before = batches.at(-1);
      if (!batch || (before && batch.firstSequenceNumber !== before.firstSequenceNumber + before.events.length)) {
        throw new Error(
          `Event Hubs emulator: line ${index + 1} of ${this.path} is damaged. ` +
            'Restore the file from a copy, or delete the directory to start with empty hubs.',
        );
      }
      batches.push(batch);
    }
    return batches;
  }

  private rewrite(batches: readonly Batch[]): void {
    this.close();
    const text = batches.map(lineOf).join('');
    writeFileSync(`${this.path}.new`, text, { mode: 0o600 });
    renameSync(`${this.path}.new`, this.path);
    this.#file = openSync(this.path, 'a');
    this.#length = Buffer.byteLength(text);
  }
}

function lineOf({ events, ...batch }: Batch): string {
  return `${JSON.stringify({ ...batch, events: events.map((event) => event.toString('base64')) })}\n`;
}

function readLine(line: string): Batch | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isFields(value) || !Array.isArray(value['events'])) return undefined;
  const { firstSequenceNumber, firstOffset, enqueuedTime, producer } = value;
  if (!isNumber(firstSequenceNumber) || !isNumber(firstOffset) || !isNumber(enqueuedTime)) return undefined;
  if (producer !== undefined && !isProducerMark(producer)) return undefined;
  const texts = value['events'].map(String);
  const events = texts.map((text) => Buffer.from(text, 'base64'));
  // Text that is not base64 decodes to something else.
  if (events.some((event, index) => event.toString('base64') !== texts[index])) return undefined;
  return { firstSequenceNumber, firstOffset, enqueuedTime, events, ...(producer && { producer }) };
}

function isProducerMark(value: unknown): value is ProducerMark {
  return isFields(value) && isNumber(value['id']) && isNumber(value['epoch']) && isNumber(value['lastSequence']);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
