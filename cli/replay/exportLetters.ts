import { open } from 'node:fs/promises';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { printable } from '../common/printable';
import { type ReadableLetter, readable } from '../deadLetters/readableLetter';
import type { StoredLetter } from '../deadLetters/storedLetters';
import { damaged, matchingLetters, type Reading } from './matchingLetters';

/** One line for each letter, without its body. */
export async function* listLines(reading: Reading): AsyncGenerator<string, void, undefined> {
  for await (const { id, enqueued, reason, table, storedBytes, error } of matchingLetters(reading)) {
    reading.account.shown++;
    const where = table === undefined ? '' : ` ${printable(table, 60)}`;
    const why = printable(error.split('\n', 1)[0] ?? '', 160);
    const what = `${printable(id, 400)}  ${printable(reason, 60)}${where}`;
    yield `${enqueued.toISOString()}  ${what}  ${storedBytes} bytes  ${why}`;
  }
}

/** Everything about each letter, with its body; what could harm a terminal is escaped. */
export async function* showLines(reading: Reading): AsyncGenerator<string, void, undefined> {
  for await (const letter of matchingLetters(reading)) {
    const shown = await readable(letter).catch((error: unknown) => damaged(reading, letter, error));
    if (shown === undefined) continue;
    reading.account.shown++;
    yield* fields(shown);
  }
}

function fields({ body, bodyBase64, ...head }: ReadableLetter): string[] {
  const text = body === undefined ? `(in base64) ${bodyBase64}` : body;
  const named = Object.entries(head).map(([key, value]) => `${`${key}:`.padEnd(10)}${escaped(value)}`);
  return [...named, 'body:', escaped(text)];
}

function escaped(text: string): string {
  const lines = text.split('\n').map((line) => printable(line, Number.POSITIVE_INFINITY));
  return lines.join('\n');
}

/** Writes letters with their bodies to a new file, one JSON line each. @throws UsageError when the file exists or cannot be created. */
export function exportLetters(path: string, reading: Reading): Promise<void> {
  return writeLetters(path, reading, async (letter) => `${JSON.stringify(await readable(letter))}\n`);
}

/** Writes the bodies of letters only. @throws UsageError as above. */
export function exportBodies(path: string, reading: Reading): Promise<void> {
  return writeLetters(path, reading, (letter) => letter.body());
}

async function writeLetters(
  path: string,
  reading: Reading,
  contentOf: (letter: StoredLetter) => Promise<string | Buffer>,
): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((error: unknown) => {
    throw new UsageError(`${path} cannot be created (${reasonOf(error)}). Name a new file.`);
  });
  try {
    for await (const letter of matchingLetters(reading)) {
      const content = await contentOf(letter).catch((error: unknown) => damaged(reading, letter, error));
      if (content === undefined) continue;
      await file.appendFile(content);
      reading.account.shown++;
    }
    await file.sync();
  } finally {
    await file.close();
  }
}
