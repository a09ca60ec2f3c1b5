import { isObject, type Json, type JsonObject, parseJson, parseJsonSource, type SourceJson } from '../json';
import { tableName } from './tables';

/** One Advanced Hunting row as the streaming API publishes it, taken out of its message. */
export interface DefenderRecord {
  readonly kind: 'record';
  /** Position in the message, from 0. */
  readonly index: number;
  /** The table's modern name. */
  readonly table: string;
  /** The Entra tenant, as sent. */
  readonly tenantId: Json | undefined;
  /** When Defender published the record (`time`), as sent. */
  readonly time: Json | undefined;
  /** When Defender's service received the event (`_TimeReceivedBySvc`), as sent. */
  readonly received: Json | undefined;
  readonly properties: JsonObject;
  /** The same properties with every number as the source spelt it. Slow: only for records without a proper key. */
  readonly source: () => SourceJson;
  /** The record as it stood in the message. */
  readonly original: Json;
}

/** A message, or a part of one, that holds no record. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly index: number;
  readonly reason: UnreadableReason;
  readonly error: string;
  /** What could not be read: undefined for the whole message, the line or the value otherwise. */
  readonly part: Json | undefined;
}
export type UnreadableReason = 'InvalidJson' | 'EmptyMessage' | 'NotARecord' | 'NoCategory' | 'NoProperties';

export interface EnvelopeOptions {
  /** The table of bare rows, as the hunting API gives them; without it a record must name its table. */
  readonly table?: string | undefined;
}

/** How many envelopes may lie inside each other: array, `body`, `records`, array. */
const maxWrapping = 4;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: false });

/**
 * Takes a message body apart into records. Accepts what Defender and those who pass its events on send: an object with
 * `records`, a single record, an array of either, JSON lines, each as bytes or text, perhaps inside `body`.
 * Total: whatever cannot be read is returned with its reason; bytes that are no UTF-8 read as U+FFFD.
 */
export function readMessage(body: unknown, options: EnvelopeOptions = {}): (DefenderRecord | Unreadable)[] {
  const text = bodyText(body);
  if (text === undefined || text.trim() === '') {
    return [unreadable(0, 'EmptyMessage', 'The message has no body.', undefined)];
  }
  const reader = new MessageReader(options);
  try {
    reader.take(parseJson(text), () => parseJsonSource(text));
  } catch (error) {
    if (!reader.takeLines(text)) return [unreadable(0, 'InvalidJson', messageOf(error), undefined)];
  }
  return isMostlyUnreadable(reader.found) ? [asOne(reader.found)] : reader.found;
}

/** More unreadable parts than this, and more of them than records, are one dead letter: the message. */
const maxUnreadableParts = 1000;

function isMostlyUnreadable(found: readonly (DefenderRecord | Unreadable)[]): boolean {
  if (found.length <= maxUnreadableParts) return false;
  const count = found.filter(({ kind }) => kind === 'unreadable').length;
  return count > maxUnreadableParts && count * 2 > found.length;
}

/** A megabyte holds half a million numbers: a letter for each of them would fill memory and hub. */
function asOne(found: readonly (DefenderRecord | Unreadable)[]): Unreadable {
  const first = found.find((part) => part.kind === 'unreadable');
  return unreadable(
    0,
    first?.reason ?? 'NotARecord',
    `Most of ${found.length} parts cannot be read. The first: ${first?.error ?? ''}`,
    undefined,
  );
}

class MessageReader {
  readonly found: (DefenderRecord | Unreadable)[] = [];

  constructor(private readonly options: EnvelopeOptions) {}

  /** A parsed message; `source` parses the same text again, keeping numbers as spelt. */
  take(message: Json, source: () => SourceJson): void {
    let parsed: SourceJson | undefined;
    const once = (): SourceJson => {
      parsed ??= source();
      return parsed;
    };
    this.unwrap(message, once, maxWrapping);
  }

  /**
   * JSON lines. False, with nothing taken, when the text is not lines or most lines cannot be read: one dead letter then
   * holds the message, instead of one for each of perhaps half a million lines.
   */
  takeLines(text: string): boolean {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length < 2) return false;
    let readable = 0;
    for (const line of lines) {
      const before = this.found.length;
      try {
        this.take(parseJson(line), () => parseJsonSource(line));
        readable++;
      } catch (error) {
        this.found.length = before;
        this.reject('InvalidJson', messageOf(error), line);
      }
    }
    const isLines = readable * 2 >= lines.length;
    if (!isLines) this.found.length = 0;
    return isLines;
  }

  private unwrap(value: Json, source: () => SourceJson, depth: number): void {
    if (Array.isArray(value)) return this.items(value, source, depth);
    if (!isObject(value)) return this.reject('NotARecord', `Expected an object, found ${describe(value)}.`, value);
    const recordsKey = keyOf(value, 'records');
    const records = recordsKey === undefined ? undefined : value[recordsKey];
    if (recordsKey !== undefined && Array.isArray(records)) {
      return this.items(records, () => fieldOf(source(), recordsKey), depth);
    }
    const bodyKey = keyOf(value, 'properties') === undefined ? keyOf(value, 'body') : undefined;
    if (bodyKey !== undefined && depth > 0) {
      const inner = unpack(value[bodyKey]);
      if (typeof inner === 'object' && inner !== null) {
        return this.unwrap(inner, () => unpackSource(fieldOf(source(), bodyKey)), depth - 1);
      }
    }
    this.record(value, source);
  }

  private items(values: readonly Json[], source: () => SourceJson, depth: number): void {
    for (const [i, value] of values.entries()) {
      if (!isObject(value)) this.reject('NotARecord', `Expected an object, found ${describe(value)}.`, value);
      else if (depth > 0) this.unwrap(value, () => itemOf(source(), i), depth - 1);
      else this.reject('NotARecord', `More than ${maxWrapping} envelopes lie inside each other.`, value);
    }
  }

  private record(value: JsonObject, source: () => SourceJson): void {
    const category = envelopeField(value, 'category');
    const named = typeof category === 'string' && category.trim() !== '' ? category : this.options.table;
    const propertiesKey = keyOf(value, 'properties');
    const bare = propertiesKey === undefined && category === undefined && this.options.table !== undefined;
    if (named === undefined) {
      return this.reject('NoCategory', `The record names no table: category is ${describe(category)}.`, value);
    }
    const properties = bare ? value : propertiesKey === undefined ? undefined : unpack(value[propertiesKey]);
    if (!isObject(properties)) {
      return this.reject('NoProperties', `Expected properties to be an object, found ${describe(properties)}.`, value);
    }
    this.found.push({
      kind: 'record',
      index: this.found.length,
      table: tableName(named),
      tenantId: bare ? undefined : envelopeField(value, 'tenantId'),
      time: bare ? undefined : envelopeField(value, 'time'),
      received: bare ? undefined : envelopeField(value, '_TimeReceivedBySvc'),
      properties,
      source: () => (propertiesKey === undefined ? source() : unpackSource(fieldOf(source(), propertiesKey))),
      original: value,
    });
  }

  private reject(reason: UnreadableReason, error: string, part: Json): void {
    this.found.push(unreadable(this.found.length, reason, error, part));
  }
}

function unreadable(index: number, reason: UnreadableReason, error: string, part: Json | undefined): Unreadable {
  return { kind: 'unreadable', index, reason, error, part };
}

function bodyText(body: unknown): string | undefined {
  if (typeof body === 'string') return body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
  if (body instanceof Uint8Array) return utf8.decode(body);
  if (body === null || body === undefined) return undefined;
  // Parsed by somebody else on the way (a trigger whose dataType is not binary): read it again from its text.
  try {
    return JSON.stringify(body);
  } catch {
    return undefined;
  }
}

/** The key that spells `name` in any case; the exact spelling wins. */
function keyOf(value: JsonObject, name: string): string | undefined {
  if (Object.hasOwn(value, name)) return name;
  const wanted = name.toLowerCase();
  return Object.keys(value).find((key) => key.length === wanted.length && key.toLowerCase() === wanted);
}

function envelopeField(value: JsonObject, name: string): Json | undefined {
  const key = keyOf(value, name);
  return key === undefined ? undefined : value[key];
}

/** An object given as a string of JSON is parsed once. */
function unpack(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string') return value;
  try {
    return parseJson(value);
  } catch {
    return value;
  }
}

function unpackSource(value: SourceJson): SourceJson {
  return typeof value === 'string' ? parseJsonSource(value) : value;
}

function itemOf(value: SourceJson, index: number): SourceJson {
  return Array.isArray(value) ? (value[index] ?? null) : null;
}

function fieldOf(value: SourceJson, key: string): SourceJson {
  return isSourceObject(value) && Object.hasOwn(value, key) ? (value[key] ?? null) : null;
}

export function isSourceObject(value: SourceJson): value is { [key: string]: SourceJson } {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

function describe(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Without the text that V8 quotes from the input: messages may hold personal data. */
function messageOf(error: unknown): string {
  if (error instanceof RangeError) return 'The JSON is nested too deeply.';
  const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? 'Not valid JSON.' : `Not valid JSON at position ${position}.`;
}
