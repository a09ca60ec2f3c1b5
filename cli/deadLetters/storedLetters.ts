import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import type { ReceivedEventData } from '@azure/event-hubs';
import type { DeadLetter } from '../../shared/delivery/deadLetters';

const gunzip = promisify(gunzipCallback);

/** Larger than any event. A body that unpacks to more is not a dead letter. */
const maxBodyBytes = 64 * 1024 * 1024;
/** Parts whose letter is not complete yet; above this the oldest are given up. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** A dead letter as its hub stores it, without its body. */
export interface LetterHead extends Omit<DeadLetter, 'body' | 'records'> {
  /** When it was written to its hub. */
  readonly enqueued: Date;
}

export interface StoredLetter extends LetterHead {
  /** Bytes in the hub; a large body is compressed there. */
  readonly storedBytes: number;
  /** The original bytes. @throws when they cannot be unpacked. */
  readonly body: () => Promise<Buffer>;
}

export type Found =
  | { readonly kind: 'letter'; readonly letter: StoredLetter }
  /** A copy of an earlier letter: a write that failed was stored all the same. */
  | { readonly kind: 'again'; readonly id: string }
  /** Some parts of the letter are not in the hub. */
  | { readonly kind: 'incomplete'; readonly head: LetterHead; readonly has: number; readonly parts: number }
  /** An event that is not a dead letter. */
  | { readonly kind: 'foreign'; readonly sequenceNumber: number };

interface Part {
  readonly head: LetterHead;
  readonly part: number;
  readonly parts: number;
  readonly isCompressed: boolean;
  readonly bytes: Buffer;
}

interface WaitingLetter {
  readonly first: Part;
  readonly pieces: Map<number, Buffer>;
}

/** Assembles the events of a dead-letter hub to letters, each once; the incomplete ones come last. */
export async function* lettersOf(
  events: AsyncIterable<ReceivedEventData> | Iterable<ReceivedEventData>,
): AsyncGenerator<Found, void, undefined> {
  const complete = new Set<string>();
  const waiting = new Map<string, WaitingLetter>();
  let waitingBytes = 0;
  const remove = (id: string, { pieces }: WaitingLetter): void => {
    waiting.delete(id);
    waitingBytes -= sizeOf([...pieces.values()]);
  };
  for await (const event of events) {
    const part = partOf(event);
    if (part === undefined) {
      yield { kind: 'foreign', sequenceNumber: event.sequenceNumber };
      continue;
    }
    const { id } = part.head;
    if (complete.has(id)) {
      if (part.part === 0) yield { kind: 'again', id };
      continue;
    }
    const letter = waiting.get(id) ?? { first: part, pieces: new Map<number, Buffer>() };
    waiting.set(id, letter);
    if (!letter.pieces.has(part.part)) {
      letter.pieces.set(part.part, part.bytes);
      waitingBytes += part.bytes.length;
    }
    if (letter.pieces.size === letter.first.parts) {
      remove(id, letter);
      complete.add(id);
      yield { kind: 'letter', letter: storedLetter(letter) };
    }
    for (const [oldId, old] of waiting) {
      if (waitingBytes <= maxWaitingBytes) break;
      remove(oldId, old);
      yield incomplete(old);
    }
  }
  for (const letter of waiting.values()) yield incomplete(letter);
}

function incomplete({ first, pieces }: WaitingLetter): Found {
  return { kind: 'incomplete', head: first.head, has: pieces.size, parts: first.parts };
}

function storedLetter({ first: { head, isCompressed }, pieces }: WaitingLetter): StoredLetter {
  const ordered = [...pieces].toSorted(([a], [b]) => a - b).map(([, bytes]) => bytes);
  return {
    ...head,
    storedBytes: sizeOf(ordered),
    body: async () => {
      const joined = Buffer.concat(ordered);
      return isCompressed ? gunzip(joined, { maxOutputLength: maxBodyBytes }) : joined;
    },
  };
}

function sizeOf(pieces: readonly Buffer[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

function partOf({ body, properties = {}, enqueuedTimeUtc: enqueued }: ReceivedEventData): Part | undefined {
  const text = (name: string): string => {
    const value: unknown = properties[name];
    return typeof value === 'string' ? value : '';
  };
  const { part = 0, parts = 1 } = properties;
  const [id, scope] = [text('id'), text('scope')];
  const isPosition = Number.isInteger(part) && Number.isInteger(parts) && Number(part) >= 0;
  if (!Buffer.isBuffer(body) || id === '' || !isPosition || Number(part) >= Number(parts)) return undefined;
  if (scope !== 'message' && scope !== 'record') return undefined;
  const [reason, step, error] = [text('reason'), text('step'), text('error')];
  return {
    head: { id, reason, step, error, table: text('table') || undefined, scope, enqueued },
    part: Number(part),
    parts: Number(parts),
    isCompressed: text('encoding') === 'gzip',
    bytes: body,
  };
}
