import type { DeadLetter, DeadLetters, WriteOptions } from '../../../shared/delivery/deadLetters';
import type { Sender } from '../../../shared/delivery/sender';
import { isObject, type Json, parseJson } from '../../../shared/json';
import type { Chunk } from '../../../shared/sessions/chunks';

export type SentRow = Readonly<Record<string, Json>>;

/** A service in memory: `answer` may refuse a call, or make it wait. */
export class MemorySender implements Sender {
  readonly calls: { readonly dcrId: string; readonly rows: readonly SentRow[] }[] = [];
  readonly stored: SentRow[] = [];
  inFlight = 0;

  constructor(
    private readonly answer: (call: number, rows: readonly SentRow[]) => Promise<void> | void = () => undefined,
  ) {}

  async send(chunk: Chunk, dcrId: string): Promise<{ bytesSent: number }> {
    const rows = rowsOf(chunk.body());
    this.calls.push({ dcrId, rows });
    this.inFlight++;
    try {
      await this.answer(this.calls.length, rows);
    } finally {
      this.inFlight--;
    }
    this.stored.push(...rows);
    return { bytesSent: 7 };
  }
}

function rowsOf(body: Buffer): SentRow[] {
  const list = parseJson(body.toString());
  if (!Array.isArray(list) || !list.every(isObject)) throw new Error('A body is a JSON array of objects.');
  return list;
}

/** A dead-letter hub in memory: `answer` may refuse a letter. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters: DeadLetter[] = [];

  constructor(private readonly answer: (letter: DeadLetter) => void = () => undefined) {}

  async write(letters: readonly DeadLetter[], { onAcknowledged }: WriteOptions): Promise<void> {
    for (const letter of letters) {
      this.answer(letter);
      this.letters.push(letter);
      onAcknowledged(letter.id);
    }
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
