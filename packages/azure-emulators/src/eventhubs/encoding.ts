/**
 * AMQP 1.0 values as bytes (OASIS AMQP 1.0, part 1 "Types").
 *
 * Every value is a constructor byte and its content. The high half of the constructor says how long the content is
 * (0x4x: nothing, 0x5x: one byte, ... 0xax: a one-byte length first, 0xbx: a four-byte length first), so a value can be
 * skipped without being understood. A constructor of 0x00 announces a described value: descriptor, then value.
 */

export class MalformedAmqp extends Error {
  override readonly name = 'MalformedAmqp';
}

/** A value with a meaning attached, e.g. descriptor 0x72 for "these are message annotations". */
export class Described {
  constructor(
    readonly descriptor: AmqpValue,
    readonly value: AmqpValue,
  ) {}
}

/** The type of a decoded value. Symbols and strings are both strings; integers beyond 2^53 are bigint. */
export type AmqpValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Date
  | Buffer
  | Described
  | readonly AmqpValue[]
  | ReadonlyMap<AmqpValue, AmqpValue>;

export interface Decoded {
  readonly value: AmqpValue;
  /** Index of the first byte after the value. */
  readonly end: number;
}

/** No performative or message of the protocol is nested deeper. The limit protects the stack from hostile input. */
const deepest = 24;

function needBytes(bytes: Buffer, at: number, count: number): void {
  if (at + count > bytes.length) {
    throw new MalformedAmqp(`value at byte ${at} needs ${count} bytes, ${Math.max(bytes.length - at, 0)} are left`);
  }
}

function byteAt(bytes: Buffer, at: number): number {
  needBytes(bytes, at, 1);
  return bytes.readUInt8(at);
}

/** Index of the first byte after the value that starts at `at`. Does not read the content. */
export function valueEnd(bytes: Buffer, at: number, depth = 0): number {
  const constructor = byteAt(bytes, at);
  if (constructor === 0x00) {
    if (depth > deepest) throw new MalformedAmqp(`values nested deeper than ${deepest} at byte ${at}`);
    return valueEnd(bytes, valueEnd(bytes, at + 1, depth + 1), depth + 1);
  }
  const end = at + 1 + contentLength(bytes, at + 1, constructor);
  needBytes(bytes, at, end - at);
  return end;
}

function contentLength(bytes: Buffer, at: number, constructor: number): number {
  switch (constructor >> 4) {
    case 0x4:
      return 0;
    case 0x5:
      return 1;
    case 0x6:
      return 2;
    case 0x7:
      return 4;
    case 0x8:
      return 8;
    case 0x9:
      return 16;
    case 0xa:
    case 0xc:
    case 0xe:
      return 1 + byteAt(bytes, at);
    case 0xb:
    case 0xd:
    case 0xf:
      needBytes(bytes, at, 4);
      return 4 + bytes.readUInt32BE(at);
    default:
      throw new MalformedAmqp(`0x${constructor.toString(16)} at byte ${at - 1} is no AMQP constructor`);
  }
}

function safeInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Readers of the types whose content has a fixed length. */
const fixedWidths = new Map<number, (bytes: Buffer, at: number) => AmqpValue>([
  [0x40, () => null],
  [0x41, () => true],
  [0x42, () => false],
  [0x43, () => 0],
  [0x44, () => 0],
  [0x45, () => []],
  [0x50, (bytes, at) => bytes.readUInt8(at)],
  [0x51, (bytes, at) => bytes.readInt8(at)],
  [0x52, (bytes, at) => bytes.readUInt8(at)],
  [0x53, (bytes, at) => bytes.readUInt8(at)],
  [0x54, (bytes, at) => bytes.readInt8(at)],
  [0x55, (bytes, at) => bytes.readInt8(at)],
  [0x56, (bytes, at) => bytes.readUInt8(at) !== 0],
  [0x60, (bytes, at) => bytes.readUInt16BE(at)],
  [0x61, (bytes, at) => bytes.readInt16BE(at)],
  [0x70, (bytes, at) => bytes.readUInt32BE(at)],
  [0x71, (bytes, at) => bytes.readInt32BE(at)],
  [0x72, (bytes, at) => bytes.readFloatBE(at)],
  [0x73, (bytes, at) => bytes.readUInt32BE(at)],
  [0x80, (bytes, at) => safeInteger(bytes.readBigUInt64BE(at))],
  [0x81, (bytes, at) => safeInteger(bytes.readBigInt64BE(at))],
  [0x82, (bytes, at) => bytes.readDoubleBE(at)],
  [0x83, (bytes, at) => new Date(Number(bytes.readBigInt64BE(at)))],
  [0x74, (bytes, at) => bytes.subarray(at, at + 4)],
  [0x84, (bytes, at) => bytes.subarray(at, at + 8)],
  [0x94, (bytes, at) => bytes.subarray(at, at + 16)],
  [0x98, (bytes, at) => bytes.subarray(at, at + 16)],
]);

/** Reads the value that starts at `at`, nested values included. Throws MalformedAmqp; never reads past the buffer. */
export function decodeValue(bytes: Buffer, at: number, depth = 0): Decoded {
  if (depth > deepest) throw new MalformedAmqp(`values nested deeper than ${deepest} at byte ${at}`);
  const constructor = byteAt(bytes, at);
  if (constructor !== 0x00) return decodeContent(bytes, at + 1, constructor, depth);
  const descriptor = decodeValue(bytes, at + 1, depth + 1);
  const { value, end } = decodeValue(bytes, descriptor.end, depth + 1);
  return { value: new Described(descriptor.value, value), end };
}

function decodeContent(bytes: Buffer, at: number, constructor: number, depth: number): Decoded {
  const end = at + contentLength(bytes, at, constructor);
  needBytes(bytes, at, end - at);
  const read = fixedWidths.get(constructor);
  if (read) return { value: read(bytes, at), end };
  const lengthBytes = constructor & 0x10 ? 4 : 1;
  const content = at + lengthBytes;
  switch (constructor) {
    case 0xa0:
    case 0xb0:
      return { value: bytes.subarray(content, end), end };
    case 0xa1:
    case 0xb1:
      return { value: bytes.toString('utf8', content, end), end };
    case 0xa3:
    case 0xb3:
      return { value: bytes.toString('latin1', content, end), end };
    case 0xc0:
    case 0xd0:
      return { value: decodeItems(bytes.subarray(0, end), content, lengthBytes, depth), end };
    case 0xc1:
    case 0xd1:
      return { value: asMap(decodeItems(bytes.subarray(0, end), content, lengthBytes, depth), at), end };
    case 0xe0:
    case 0xf0:
      return { value: decodeArray(bytes.subarray(0, end), content, lengthBytes, depth), end };
    default:
      throw new MalformedAmqp(`0x${constructor.toString(16)} at byte ${at - 1} is no AMQP constructor`);
  }
}

/** The element count of a list, map or array. Throws if the content is too short for it. */
function itemCount(bytes: Buffer, at: number, width: number): number {
  needBytes(bytes, at, width);
  const count = width === 4 ? bytes.readUInt32BE(at) : bytes.readUInt8(at);
  if (count > bytes.length - at) throw new MalformedAmqp(`${count} elements at byte ${at} do not fit their value`);
  return count;
}

function decodeItems(bytes: Buffer, at: number, width: number, depth: number): AmqpValue[] {
  const count = itemCount(bytes, at, width);
  const items: AmqpValue[] = [];
  let next = at + width;
  for (let index = 0; index < count; index++) {
    const item = decodeValue(bytes, next, depth + 1);
    items.push(item.value);
    next = item.end;
  }
  needNoMore(bytes, next);
  return items;
}

function needNoMore(bytes: Buffer, at: number): void {
  if (at !== bytes.length) throw new MalformedAmqp(`the elements end at byte ${at}, their value at ${bytes.length}`);
}

function decodeArray(bytes: Buffer, at: number, width: number, depth: number): AmqpValue[] {
  const count = itemCount(bytes, at, width);
  const items: AmqpValue[] = [];
  const constructorAt = at + width;
  if (count === 0) return items;
  const constructor = byteAt(bytes, constructorAt);
  if (constructor === 0x00) throw new MalformedAmqp(`array of described values at byte ${at}: not used by Event Hubs`);
  let next = constructorAt + 1;
  for (let index = 0; index < count; index++) {
    const item = decodeContent(bytes, next, constructor, depth + 1);
    items.push(item.value);
    next = item.end;
  }
  needNoMore(bytes, next);
  return items;
}

function asMap(items: readonly AmqpValue[], at: number): ReadonlyMap<AmqpValue, AmqpValue> {
  if (items.length % 2 !== 0) throw new MalformedAmqp(`map at byte ${at} has a key without a value`);
  const map = new Map<AmqpValue, AmqpValue>();
  for (let index = 0; index < items.length; index += 2) map.set(items[index] ?? null, items[index + 1] ?? null);
  return map;
}

/** A value for an error text: scalars as they are, of others only the kind. */
export function describeValue(value: AmqpValue | undefined): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'object' ? value.constructor.name : String(value);
}

/** Writers. Lengths are always written in the four-byte form where content can grow. */
export const encode = {
  nothing: (): Buffer => Buffer.from([0x40]),
  boolean: (value: boolean): Buffer => Buffer.from([value ? 0x41 : 0x42]),
  uint: (value: number): Buffer => fixed(0x70, 4, (bytes) => bytes.writeUInt32BE(value, 1)),
  int: (value: number): Buffer => fixed(0x71, 4, (bytes) => bytes.writeInt32BE(value, 1)),
  long: (value: number): Buffer => fixed(0x81, 8, (bytes) => bytes.writeBigInt64BE(BigInt(value), 1)),
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  timestamp: (value: number): Buffer => fixed(0x83, 8, (bytes) => bytes.writeBigInt64BE(BigInt(value), 1)),
  string: (value: string): Buffer => variable(0xb1, Buffer.from(value, 'utf8')),
  symbol: (value: string): Buffer => variable(0xb3, Buffer.from(value, 'latin1')),
  binary: (value: Buffer): Buffer => variable(0xb0, value),
  list: (items: readonly Buffer[]): Buffer => compound(0xd0, items.length, items),
  map: (pairs: readonly (readonly [Buffer, Buffer])[]): Buffer => compound(0xd1, pairs.length * 2, pairs.flat()),
  strings: (values: readonly string[]): Buffer =>
    compound(0xf0, values.length, [Buffer.from([0xb1]), ...values.map((value) => encode.string(value).subarray(1))]),
  described: (descriptor: number, value: Buffer): Buffer =>
    Buffer.concat([Buffer.from([0x00, 0x53, descriptor]), value]),
};

function fixed(constructor: number, width: number, write: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = constructor;
  write(bytes);
  return bytes;
}

function variable(constructor: number, content: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head[0] = constructor;
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}

/** A list, map or array in its four-byte form: length, element count, elements. */
export function compound(constructor: number, count: number, parts: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(9);
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  head[0] = constructor;
  head.writeUInt32BE(length + 4, 1);
  head.writeUInt32BE(count, 5);
  return Buffer.concat([head, ...parts], head.length + length);
}
