import { isUtf8 } from 'node:buffer';
import { readMessage } from '../../shared/defender/readMessage';
import { isObject, type JsonObject } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { reasonOf } from '../common/errorText';
import { UsageError } from '../common/exit';
import { parsedJson } from '../common/parsedJson';
import { printable } from '../common/printable';
import type { Found, StoredLetter } from '../deadLetters/storedLetters';
import { fileBytes } from '../input/inputFile';
import { type InputMessage, messagesOf } from '../input/inputMessages';
import { sourceHub } from './replayMessage';

export interface RepairedFile {
  readonly path: string;
  /** Ids of --id. */
  readonly ids: readonly string[];
  readonly settings: TransformSettings;
  readonly warn: (line: string) => void;
}

/** The most problems that the error lists; it counts the others. */
const maxProblems = 20;
/** A body fits into an event. */
const maxBodyBytes = 16 * 1024 * 1024;

/**
 * The letters of a file that a person has repaired: lines of an export, or the body of the one letter in `ids`.
 * Reads and maps each as the app does before the first is sent, and rejects what would become a dead letter again.
 * @throws UsageError that lists every wrong line.
 */
export async function repairedLetters(file: RepairedFile): Promise<StoredLetter[]> {
  const documents = await documentsOf(file.path);
  const isExport = documents.some(({ body }) => exportLine(body) !== undefined);
  const problems: string[] = [];
  const letters = isExport ? exportLetters(documents, problems) : [await bodyLetter(file)];
  for (const { letter, body, at } of letters) {
    const where = `${at}${printable(letter.id, 400)}`;
    problems.push(...problemsOf(body, file).map((problem) => `${where}: ${problem}`));
  }
  if (problems.length === 0) return letters.map(({ letter }) => letter);
  const listed = problems.slice(0, maxProblems).map((problem) => `  - ${problem}`);
  const more = problems.length > maxProblems ? [`  and ${problems.length - maxProblems} more`] : [];
  const heading = `${file.path} is not repaired yet; nothing was sent. Correct it and run it again:`;
  throw new UsageError([heading, ...listed, ...more].join('\n'));
}

/** The same as what a dead-letter hub gives. */
export async function* asFound(letters: readonly StoredLetter[]): AsyncGenerator<Found, void, undefined> {
  for (const letter of letters) yield { kind: 'letter', letter };
}

interface Repaired {
  readonly letter: StoredLetter;
  readonly body: Buffer;
  /** `line 3: `; empty for a file of one letter. */
  readonly at: string;
}

async function documentsOf(path: string): Promise<InputMessage[]> {
  try {
    const documents: InputMessage[] = [];
    for await (const document of messagesOf(fileBytes(path))) documents.push(document);
    return documents;
  } catch (error) {
    throw new UsageError(`--file ${path}: cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}

function exportLetters(documents: readonly InputMessage[], problems: string[]): Repaired[] {
  const lines = new Map<string, string>();
  const letters: Repaired[] = [];
  for (const { sequenceNumber: line, body } of documents) {
    const at = `line ${line}: `;
    const fields = exportLine(body);
    const id = textOf(fields, 'id');
    const earlier = lines.get(id);
    if (fields === undefined) {
      problems.push(
        `${at}not a line of an export: expected JSON with id, and body or bodyBase64. ${parsedJson(body) === undefined ? notJson : ''}`,
      );
    } else if (earlier !== undefined) {
      problems.push(
        `${at}line ${earlier} has the id ${printable(id, 400)} too. Put several records into one body, as a JSON array.`,
      );
    } else if (sourceHub(id) === undefined) {
      problems.push(`${at}"${printable(id, 400)}" is no id of a dead letter. Leave the id as it was exported.`);
    } else {
      const isText = typeof fields['body'] === 'string';
      const bytes = isText ? Buffer.from(textOf(fields, 'body')) : Buffer.from(textOf(fields, 'bodyBase64'), 'base64');
      letters.push({ letter: letterOf(id, bytes, fields), body: bytes, at });
    }
    if (fields !== undefined && earlier === undefined) lines.set(id, line);
  }
  return letters;
}

/** Names no content of the line. */
const notJson = 'It is not JSON: in a body, write a quotation mark as \\" and a line break as \\n.';

/** Reads one line of an export; undefined for any other text. */
function exportLine(body: Buffer): JsonObject | undefined {
  const value = parsedJson(body);
  if (!isObject(value) || typeof value['id'] !== 'string' || value['properties'] !== undefined) return undefined;
  return [value['body'], value['bodyBase64']].some((one) => typeof one === 'string') ? value : undefined;
}

async function bodyLetter({ path, ids }: RepairedFile): Promise<Repaired> {
  const [id, ...others] = ids;
  if (id === undefined || others.length > 0) {
    throw new UsageError(
      `--file ${path}: this is no export (lines of JSON with id and body). If it is the repaired body of one letter, name that letter: --id ID.`,
    );
  }
  if (sourceHub(id) === undefined) {
    throw new UsageError(`--id ${id}: expected the id of a dead letter, as npm run replay -- list shows it.`);
  }
  const bytes = await wholeFile(path);
  // An editor may have put a byte order mark before the text.
  const body = bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
  return { letter: letterOf(id, body, {}), body, at: '' };
}

async function wholeFile(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of fileBytes(path)) {
    size += bytes.length;
    if (size > maxBodyBytes)
      throw new UsageError(`--file ${path}: larger than ${maxBodyBytes} bytes, the most that a body can have.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** The body is sent unchanged: the app reads one record, an array, JSON lines and envelopes alike. */
function letterOf(id: string, body: Buffer, fields: JsonObject): StoredLetter {
  const enqueued = new Date(textOf(fields, 'enqueued'));
  return {
    id,
    reason: textOf(fields, 'reason'),
    step: textOf(fields, 'step'),
    error: textOf(fields, 'error'),
    table: textOf(fields, 'table') || undefined,
    scope: 'message',
    enqueued: Number.isNaN(enqueued.getTime()) ? new Date() : enqueued,
    storedBytes: body.length,
    body: async () => body,
  };
}

function textOf(fields: JsonObject | undefined, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}

/** What would make a dead letter of the body, or of a record in it. */
function problemsOf(body: Buffer, { settings, warn }: RepairedFile): string[] {
  if (!isUtf8(body)) return ['the body is not UTF-8. Save it as UTF-8.'];
  return readMessage(body).flatMap((part, i, { length }) => {
    const which = length === 1 ? '' : `record ${i}: `;
    if (part.kind === 'unreadable') return [`${which}${part.reason}: ${part.error}`];
    try {
      const result = transform(part, settings);
      if (result.kind === 'skipped')
        warn(`${which}The app does not map ${result.key}: it will count the record as skipped.`);
      return result.kind === 'dead' ? [`${which}${result.reason}: ${result.error}`] : [];
    } catch (error) {
      return [`${which}InternalError: ${reasonOf(error)}`];
    }
  });
}
