/**
 * Checks what a socket receives before the AMQP library sees it. Cuts the byte stream into frames (OASIS AMQP 1.0, part 2,
 * 2.3) and passes well-formed ones on. The library trusts lengths and counts: a few bytes that claim four billion elements
 * would block the whole process. A malformed frame ends its connection.
 */
import { type AmqpValue, Described, decodeValue, describeValue, encode, MalformedAmqp, valueEnd } from './encoding';

/** The service announces this in its open frame; clients fragment larger messages. */
export const maxFrameSize = 65_536;

/**
 * Replaces message format 0 while a message passes the library, which would decode it into objects and lose its bytes. The
 * library does not change messages of any other format.
 */
export const plainFormat = 0x7e000000;

const performativeCodes = { transfer: 0x14, disposition: 0x15, first: 0x10, last: 0x18 } as const;
const sasl = { first: 0x40, last: 0x44 } as const;
/** Field positions inside a transfer performative. */
const transferFrame = { handle: 0, format: 3, more: 5 } as const;
/** One disposition may settle a range. No session of the emulator has this many open deliveries. */
const widestDisposition = 65_536;
/** `AMQP`, protocol (0: AMQP, 3: sasl), version 1.0.0. */
const protocolHeaders = new Set(['414d515000010000', '414d515003010000']);

export class FrameGuard {
  #pending: Buffer = Buffer.alloc(0);
  /** Bytes of the delivery that is arriving in pieces, by channel and link handle. */
  readonly #unfinished = new Map<string, number>();

  constructor(private readonly maxDeliverySize: number) {}

  /** Takes the next bytes from the socket; returns the protocol headers and frames that are now complete. */
  push(chunk: Buffer): Buffer[] {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const passed: Buffer[] = [];
    let at = 0;
    while (bytes.length - at >= 8) {
      const length = unitLength(bytes, at);
      if (bytes.length - at < length) break;
      const unit = bytes.subarray(at, at + length);
      passed.push(isHeader(bytes, at) ? unit : this.checkFrame(unit));
      at += length;
    }
    this.#pending = bytes.subarray(at);
    return passed;
  }

  private checkFrame(frame: Buffer): Buffer {
    const bodyAt = frame.readUInt8(4) * 4;
    const type = frame.readUInt8(5);
    if (bodyAt < 8 || bodyAt > frame.length)
      throw new MalformedAmqp(`frame data offset ${bodyAt} is outside the frame`);
    if (type > 1) throw new MalformedAmqp(`frame type ${type} is neither AMQP (0) nor sasl (1)`);
    if (bodyAt === frame.length) return frame; // an empty frame is a heartbeat
    const { value: performative, end } = decodeValue(frame, bodyAt);
    const known = type === 0 ? performativeCodes : sasl;
    if (!(performative instanceof Described) || !Array.isArray(performative.value)) {
      throw new MalformedAmqp('the frame holds no performative');
    }
    const code = performative.descriptor;
    if (typeof code !== 'number' || code < known.first || code > known.last) {
      throw new MalformedAmqp(`performative ${describeValue(code)} does not exist`);
    }
    const fields: readonly AmqpValue[] = performative.value;
    if (code === performativeCodes.disposition) checkDispositionRange(fields);
    if (code !== performativeCodes.transfer) return frame;
    this.countDelivery(frame.readUInt16BE(6), fields, frame.length - end);
    return (fields[transferFrame.format] ?? 0) === 0 ? markPlainFormat(frame, bodyAt, end) : frame;
  }

  private countDelivery(channel: number, fields: readonly AmqpValue[], payload: number): void {
    const key = `${channel}/${describeValue(fields[transferFrame.handle])}`;
    const received = (this.#unfinished.get(key) ?? 0) + payload;
    if (received > this.maxDeliverySize) {
      throw new MalformedAmqp(`a delivery of more than ${this.maxDeliverySize} bytes is arriving`);
    }
    if (fields[transferFrame.more] === true) this.#unfinished.set(key, received);
    else this.#unfinished.delete(key);
  }
}

function isHeader(bytes: Buffer, at: number): boolean {
  return bytes.toString('latin1', at, at + 4) === 'AMQP';
}

function unitLength(bytes: Buffer, at: number): number {
  if (isHeader(bytes, at)) {
    const header = bytes.toString('hex', at, at + 8);
    if (!protocolHeaders.has(header)) throw new MalformedAmqp(`protocol header ${header} is not AMQP 1.0`);
    return 8;
  }
  const length = bytes.readUInt32BE(at);
  if (length < 8 || length > maxFrameSize) {
    throw new MalformedAmqp(`frame length ${length} is outside 8 to ${maxFrameSize}`);
  }
  return length;
}

function checkDispositionRange(fields: readonly AmqpValue[]): void {
  const first = fields[1];
  const last = fields[2] ?? first;
  if (typeof first !== 'number' || typeof last !== 'number' || last - first > widestDisposition) {
    throw new MalformedAmqp(`disposition of deliveries ${describeValue(first)} to ${describeValue(last)}`);
  }
}

/** Rewrites the transfer performative at `at` (ending at `end`) with plainFormat in its message-format field. */
function markPlainFormat(frame: Buffer, at: number, end: number): Buffer {
  const list = valueEnd(frame, at + 1);
  const fields = rawItems(frame, list, end);
  while (fields.length <= transferFrame.format) fields.push(encode.nothing());
  fields[transferFrame.format] = encode.uint(plainFormat);
  const marked = Buffer.concat([frame.subarray(0, list), encode.list(fields), frame.subarray(end)]);
  marked.writeUInt32BE(marked.length, 0);
  return marked;
}

function rawItems(frame: Buffer, list: number, end: number): Buffer[] {
  const headLength: Record<number, number> = { 69: 1, 192: 3, 208: 9 }; // empty list, list8, list32
  const items: Buffer[] = [];
  let at = list + (headLength[frame.readUInt8(list)] ?? 0);
  while (at < end) {
    const next = valueEnd(frame, at);
    items.push(frame.subarray(at, next));
    at = next;
  }
  return items;
}
