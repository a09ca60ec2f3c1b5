import { promisify } from 'node:util';
import { gunzip as gunzipCallback } from 'node:zlib';
import type { ReceivedEventData } from '@azure/event-hubs';

const gunzip = promisify(gunzipCallback);

/** Larger than any message of an event hub; a body that unpacks to more is no dead letter. */
const maxBodyBytes = 64 * 1024 * 1024;
/** Parts that wait for the others of their letter; beyond this the oldest are given up. */
const maxWaitingBytes = 64 * 1024 * 1024;

/** A dead letter as it lies in its hub, without its body. */
export interface LetterHead {
  /** `hub/partition/sequence number/record index` of what could not become a row. */
  readonly id: string;
  readonly reason: string;
  readonly step: string;
  readonly error: string;
  readonly table: string | undefined;
  readonly scope: 'message' | 'record';
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
  /** The same letter once more: a write that failed was stored all the same. */
  | { readonly kind: 'again'; readonly id: string }
  /** A letter some parts of which are not there. */
  | { readonly kind: 'incomplete'; readonly head: LetterHead; readonly has: number; readonly parts: number }
  /** An event that is no dead letter. */
  | { readonly kind: 'foreign'; readonly sequenceNumber: number };

interface Piece {
  readonly head: LetterHead;
  readonly part: number;
  readonly parts: number;
  readonly isCompressed: boolean;
  readonly bytes: Buffer;
}

interface Waiting {
  readonly first: Piece;
  readonly pieces: Map<number, Buffer>;
}

/** Puts the events of a dead-letter hub together to letters, each once. Ends with those that are incomplete. */
export async function* lettersOf(
  events: AsyncIterable<ReceivedEventData> | Iterable<ReceivedEventData>,
): AsyncGenerator<Found, void, undefined> {
  const complete = new Set<string>();
  const waiting = new Map<string, Waiting>();
  let waitingBytes = 0;
  const leave = (id: string, { pieces }: Waiting): void => {
    waiting.delete(id);
    waitingBytes -= sizeOf([...pieces.values()]);
  };
  for await (const event of events) {
    const piece = pieceOf(event);
    if (piece === undefined) {
      yield { kind: 'foreign', sequenceNumber: event.sequenceNumber };
      continue;
    }
    const { id } = piece.head;
    if (complete.has(id)) {
      if (piece.part === 0) yield { kind: 'again', id };
      continue;
    }
    const letter = waiting.get(id) ?? { first: piece, pieces: new Map<number, Buffer>() };
    if (!letter.pieces.has(piece.part)) {
      letter.pieces.set(piece.part, piece.bytes);
      waitingBytes += piece.bytes.length;
    }
    waiting.set(id, letter);
    if (letter.pieces.size === letter.first.parts) {
      leave(id, letter);
      complete.add(id);
      yield { kind: 'letter', letter: storedLetter(letter) };
    }
    for (const [oldId, old] of waiting) {
      if (waitingBytes <= maxWaitingBytes) break;
      leave(oldId, old);
      yield incomplete(old);
    }
  }
  for (const letter of waiting.values()) yield incomplete(letter);
}

function incomplete({ first, pieces }: Waiting): Found {
  return { kind: 'incomplete', head: first.head, has: pieces.size, parts: first.parts };
}

function storedLetter({ first: { head, isCompressed }, pieces }: Waiting): StoredLetter {
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

function pieceOf({ body, properties = {}, enqueuedTimeUtc }: ReceivedEventData): Piece | undefined {
  const text = (name: string): string => {
    const value: unknown = properties[name];
    return typeof value === 'string' ? value : '';
  };
  const { part, parts } = position(properties);
  const id = text('id');
  const scope = text('scope');
  if (!Buffer.isBuffer(body) || id === '' || part >= parts) return undefined;
  if (scope !== 'message' && scope !== 'record') return undefined;
  const table = text('table') === '' ? undefined : text('table');
  return {
    head: {
      id,
      reason: text('reason'),
      step: text('step'),
      error: text('error'),
      table,
      scope,
      enqueued: enqueuedTimeUtc,
    },
    part,
    parts,
    isCompressed: text('encoding') === 'gzip',
    bytes: body,
  };
}

function position(properties: Readonly<Record<string, unknown>>): { readonly part: number; readonly parts: number } {
  const { part = 0, parts = 1 } = properties;
  const isPosition = Number.isInteger(part) && Number.isInteger(parts) && Number(part) >= 0;
  return isPosition ? { part: Number(part), parts: Number(parts) } : { part: 0, parts: 0 };
}
