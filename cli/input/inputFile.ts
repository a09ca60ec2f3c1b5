import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { errorCode, reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';

/** Stands for standard input on the command line. */
export const standardInput = '-';

/** The bytes of a file, or of standard input for `-`. @throws UsageError, while iterating, when it cannot be read. */
export async function* fileBytes(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (path !== standardInput && (await stat(path)).isDirectory()) {
      throw new UsageError(`${path} is a folder. Name a file, or - for standard input.`);
    }
    const stream: AsyncIterable<Uint8Array> = path === standardInput ? process.stdin : createReadStream(path);
    yield* stream;
  } catch (error) {
    if (error instanceof UsageError || errorCode(error) === undefined) throw error;
    throw new UsageError(`${path} cannot be read (${reasonOf(error)}). Name a file, or - for standard input.`);
  }
}

/** Names the file in an error about its content. */
export function aboutFile(path: string, error: unknown): unknown {
  const isContent = error instanceof InputError || errorCode(error)?.startsWith('Z_') === true;
  if (!isContent) return error;
  return new UsageError(`${path === standardInput ? 'Standard input' : path}: ${reasonOf(error)}`);
}

/** The content of a file cannot be read as records. The message does not name the file. */
export class InputError extends Error {
  override readonly name = 'InputError';
}
