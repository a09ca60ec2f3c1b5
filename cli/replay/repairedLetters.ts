import { isUtf8 } from 'node:buffer';
import { readMessage } from '../../shared/defender/envelope';
import { isObject, type JsonObject } from '../../shared/json';
import type { TransformSettings } from '../../shared/transform/settings';
import { transform } from '../../shared/transform/transform';
import type { Message } from '../../shared/transformBatch';
import { reasonOf } from '../azure/hubError';
import { UsageError } from '../common/exit';
import { printable } from '../common/printable';
import type { Found, StoredLetter } from '../deadLetters/storedLetters';
import { fileBytes } from '../input/inputFile';
import { messagesOf } from '../input/inputMessages';
import { sourceHub } from './replayMessage';

export interface RepairedFile {
  readonly path: string;
  /** Ids of --id. */
  readonly ids: readonly string[];
  readonly settings: TransformSettings;
  /** Takes a line about what will come of a record. */
  readonly warn: (line: string) => void;
}

/** Problems that are told; of more, their number is. */
const maxProblems = 20;
/** A body may be an event; what a file of one body holds above this is no body. */
const maxBodyBytes = 16 * 1024 * 1024;

const utf8 = new TextDecoder();

/**
 * The letters of a file that a person has repaired: lines of an export, or the body of the one letter that `ids` names.
 * Each is read and mapped as the app would, before the first is sent: what would become a dead letter again is refused.
 * @throws UsageError that names every line that is not right.
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
  if (problems.length > 0) {
    const told = problems.slice(0, maxProblems).map((problem) => `  - ${problem}`);
    const more = problems.length > maxProblems ? [`  and ${problems.length - maxProblems} more`] : [];
    throw new UsageError(
      [`${file.path} is not repaired yet; nothing was sent. Correct it and run it again:`, ...told, ...more].join('\n'),
    );
  }
  return letters.map(({ letter }) => letter);
}

/** The same as what a dead-letter hub gives. */
export async function* asFound(letters: readonly StoredLetter[]): AsyncGenerator<Found, void, undefined> {
  for (const letter of letters) yield { kind: 'letter', letter };
}

interface Repaired {
  readonly letter: StoredLetter;
  readonly body: Buffer;
  /** Where it stands, with a space; empty for a file of one letter. */
  readonly at: string;
}

async function documentsOf(path: string): Promise<Message[]> {
  try {
    const documents: Message[] = [];
    for await (const document of messagesOf(fileBytes(path))) documents.push(document);
    return documents;
  } catch (error) {
    throw new UsageError(`--file ${path}: cannot be read (${reasonOf(error)}).`, { cause: error });
  }
}

function exportLetters(documents: readonly Message[], problems: string[]): Repaired[] {
  const lines = new Map<string, string>();
  return documents.flatMap(({ sequenceNumber: line, body }) => {
    const at = `line ${line}: `;
    const fields = exportLine(body);
    if (fields === undefined) {
      problems.push(
        `${at}not a line of an export: expected JSON with id, and body or bodyBase64. ${jsonProblem(body)}`,
      );
      return [];
    }
    const id = textOf(fields, 'id');
    const earlier = lines.get(id);
    if (earlier !== undefined) {
      problems.push(
        `${at}the id ${printable(id, 400)} stands in line ${earlier}, too. Put several records into one body, as a JSON array.`,
      );
      return [];
    }
    lines.set(id, line);
    if (sourceHub(id) === undefined) {
      problems.push(`${at}"${printable(id, 400)}" is no id of a dead letter. Leave the id as it was exported.`);
      return [];
    }
    const bytes =
      typeof fields['body'] === 'string'
        ? Buffer.from(fields['body'])
        : Buffer.from(textOf(fields, 'bodyBase64'), 'base64');
    return [{ letter: letterOf(id, bytes, fields), body: bytes, at }];
  });
}

/** Undefined for what is no line of an export. */
function exportLine(body: unknown): JsonObject | undefined {
  const value = parsed(body);
  const isLine =
    isObject(value) &&
    typeof value['id'] === 'string' &&
    [value['body'], value['bodyBase64']].some((one) => typeof one === 'string');
  return isLine && value['properties'] === undefined ? value : undefined;
}

function parsed(body: unknown): unknown {
  try {
    return JSON.parse(utf8.decode(Buffer.isBuffer(body) ? body : Buffer.alloc(0)));
  } catch {
    return undefined;
  }
}

/** Where the JSON breaks, without a word of what stands there. */
function jsonProblem(body: unknown): string {
  if (parsed(body) !== undefined) return '';
  return 'It is no JSON: in a body, a quotation mark is written \\" and a line break \\n.';
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
  const body = withoutMark(bytes);
  return { letter: letterOf(id, body, {}), body, at: '' };
}

async function wholeFile(path: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of fileBytes(path)) {
    size += bytes.length;
    if (size > maxBodyBytes) throw new UsageError(`--file ${path}: larger than ${maxBodyBytes} bytes; no body is.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** An editor may have put a byte order mark before the text. */
function withoutMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf)) ? bytes.subarray(3) : bytes;
}

/** The body is sent as it is: the app reads one record, an array, JSON lines and envelopes alike. */
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

function textOf(fields: JsonObject, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

/** What would make a dead letter of the body, or of a record in it. */
function problemsOf(body: Buffer, { settings, warn }: RepairedFile): string[] {
  if (!isUtf8(body)) return ['the body is no UTF-8. Save it as UTF-8.'];
  return readMessage(body).flatMap((part, i, { length }) => {
    const which = length === 1 ? '' : `record ${i}: `;
    if (part.kind === 'unreadable') return [`${which}${part.reason}: ${part.error}`];
    try {
      const transformed = transform(part, settings);
      if (transformed.kind === 'skipped') {
        warn(`${which}The app does not map ${transformed.key}: the record will be counted as skipped.`);
      }
      return transformed.kind === 'dead' ? [`${which}${transformed.reason}: ${transformed.error}`] : [];
    } catch (error) {
      return [`${which}InternalError: ${reasonOf(error)}`];
    }
  });
}
