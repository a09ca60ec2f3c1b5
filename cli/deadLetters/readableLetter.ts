import { isUtf8 } from 'node:buffer';
import type { StoredLetter } from './storedLetters';

/** A dead letter as a person reads it, and as a line of an export. */
export interface ReadableLetter {
  readonly id: string;
  /** When it was written to its hub. */
  readonly enqueued: string;
  readonly reason: string;
  readonly step: string;
  readonly error: string;
  readonly table?: string;
  readonly scope: string;
  /** The original, as text where it is UTF-8. */
  readonly body?: string;
  readonly bodyBase64?: string;
}

/** @throws when the body cannot be unpacked. */
export async function readable(letter: StoredLetter): Promise<ReadableLetter> {
  const { id, enqueued, reason, step, error, table, scope } = letter;
  const body = await letter.body();
  return {
    id,
    enqueued: enqueued.toISOString(),
    reason,
    step,
    error,
    ...(table === undefined ? {} : { table }),
    scope,
    ...(isUtf8(body) ? { body: body.toString('utf8') } : { bodyBase64: body.toString('base64') }),
  };
}
