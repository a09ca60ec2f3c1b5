/**
 * An AMQP message as bytes: a sequence of sections (header, annotations, properties, body ...), each a described value
 * (OASIS AMQP 1.0, part 3, 3.2). The emulator finds the sections, reads annotations, and inserts its own
 * annotations. It never decodes or rewrites a body, so an event comes back with the bytes that were sent.
 */
import { type AmqpValue, compound, decodeValue, encode, MalformedAmqp, valueEnd } from './encoding';

const sectionCodes = {
  header: 0x70,
  deliveryAnnotations: 0x71,
  messageAnnotations: 0x72,
  properties: 0x73,
  applicationProperties: 0x74,
  body: 0x75,
  bodySequence: 0x76,
  bodyValue: 0x77,
  footer: 0x78,
} as const;

/** Message format that Event Hubs clients use for a batch: every body section holds one encoded message. */
export const batchFormat = 0x80013700;

export interface Section {
  readonly code: number;
  /** The whole section is bytes[start, end); its value without the descriptor is bytes[value, end). */
  readonly start: number;
  readonly value: number;
  readonly end: number;
}

export type Annotations = ReadonlyMap<AmqpValue, AmqpValue>;

/** Splits a message into its sections. Throws MalformedAmqp if the bytes are not an AMQP message. */
export function splitSections(message: Buffer): Section[] {
  const found: Section[] = [];
  let start = 0;
  while (start < message.length) {
    if (message[start] !== 0x00) throw new MalformedAmqp(`no message section starts at byte ${start}`);
    const value = valueEnd(message, start + 1);
    const code = Number(decodeValue(message, start + 1).value);
    if (!(code >= sectionCodes.header && code <= sectionCodes.footer)) {
      throw new MalformedAmqp(`section at byte ${start} has the unknown code ${code}`);
    }
    const end = valueEnd(message, value);
    found.push({ code, start, value, end });
    start = end;
  }
  if (found.length === 0) throw new MalformedAmqp('the message is empty');
  return found;
}

function mapSection(message: Buffer, code: number): Annotations {
  const section = splitSections(message).find((candidate) => candidate.code === code);
  const value = section ? decodeValue(message, section.value).value : null;
  return value instanceof Map ? value : new Map();
}

export function messageAnnotations(message: Buffer): Annotations {
  return mapSection(message, sectionCodes.messageAnnotations);
}

export function applicationProperties(message: Buffer): Annotations {
  return mapSection(message, sectionCodes.applicationProperties);
}

/** The bytes of each event in a batch message. */
export function unpackBatch(message: Buffer): Buffer[] {
  return splitSections(message)
    .filter((section) => section.code === sectionCodes.body)
    .map((section) => {
      const event = decodeValue(message, section.value).value;
      if (!Buffer.isBuffer(event)) throw new MalformedAmqp(`body section at byte ${section.start} is not binary`);
      return event;
    });
}

/** The body of a request to a node such as $cbs: an AMQP value, or a data section. */
export function requestBody(message: Buffer): AmqpValue {
  const body = splitSections(message).find(
    (section) => section.code === sectionCodes.bodyValue || section.code === sectionCodes.body,
  );
  return body ? decodeValue(message, body.value).value : null;
}

/** What the service writes on an event when it stores it. */
export interface Stamp {
  readonly sequenceNumber: number;
  readonly offset: string;
  /** Milliseconds since 1970, UTC. */
  readonly enqueuedTime: number;
}

const sequenceNumber = encode.symbol('x-opt-sequence-number');
const offset = encode.symbol('x-opt-offset');
const enqueuedTime = encode.symbol('x-opt-enqueued-time');

/** Adds the service's annotations after those of the event. All other bytes stay unchanged. */
export function stampEvent(event: Buffer, stamp: Stamp): Buffer {
  const sections = splitSections(event);
  const header = sections.find((section) => section.code === sectionCodes.header);
  const own = sections.find((section) => section.code === sectionCodes.messageAnnotations);
  const rest = sections.find((section) => section.code > sectionCodes.messageAnnotations);
  const ownPairs = own ? mapContent(event, own) : { count: 0, bytes: Buffer.alloc(0) };
  return Buffer.concat([
    header ? event.subarray(header.start, header.end) : Buffer.alloc(0),
    encode.described(
      sectionCodes.messageAnnotations,
      compound(0xd1, ownPairs.count + 6, [
        ownPairs.bytes,
        sequenceNumber,
        encode.long(stamp.sequenceNumber),
        offset,
        encode.string(stamp.offset),
        enqueuedTime,
        encode.timestamp(stamp.enqueuedTime),
      ]),
    ),
    event.subarray(rest ? rest.start : event.length),
  ]);
}

function mapContent(message: Buffer, section: Section): { count: number; bytes: Buffer } {
  const constructor = message.readUInt8(section.value);
  if (constructor === 0xc1) {
    return { count: message.readUInt8(section.value + 2), bytes: message.subarray(section.value + 3, section.end) };
  }
  if (constructor === 0xd1) {
    return { count: message.readUInt32BE(section.value + 5), bytes: message.subarray(section.value + 9, section.end) };
  }
  throw new MalformedAmqp(`annotations at byte ${section.start} are not a map`);
}

/**
 * A stored event with the partition's last event and the time of reading in front, as delivery annotations. Stored events
 * carry no delivery annotations of their own.
 */
export function withRuntimeMetrics(
  event: Buffer,
  last: Omit<Stamp, 'offset'> & { offset: number },
  now: number,
): Buffer {
  const header = splitSections(event).find((section) => section.code === sectionCodes.header);
  const rest = header ? header.end : 0;
  const annotations = encode.described(
    sectionCodes.deliveryAnnotations,
    encode.map([
      [encode.symbol('last_enqueued_sequence_number'), encode.long(last.sequenceNumber)],
      [encode.symbol('last_enqueued_offset'), encode.string(String(last.offset))],
      [encode.symbol('last_enqueued_time_utc'), encode.timestamp(last.enqueuedTime)],
      [encode.symbol('runtime_info_retrieval_time_utc'), encode.timestamp(now)],
    ]),
  );
  return Buffer.concat([event.subarray(0, rest), annotations, event.subarray(rest)]);
}

/** The answer of a request/response node: status in the application properties, result in the body. */
export function responseMessage(
  correlationId: AmqpValue,
  status: { readonly code: number; readonly description: string; readonly condition?: string },
  body: Buffer = encode.nothing(),
): Buffer {
  const properties: [Buffer, Buffer][] = [
    [encode.string('status-code'), encode.int(status.code)],
    [encode.string('status-description'), encode.string(status.description)],
  ];
  if (status.condition !== undefined) {
    properties.push([encode.string('error-condition'), encode.symbol(status.condition)]);
  }
  const unset = encode.nothing();
  const id = typeof correlationId === 'string' ? encode.string(correlationId) : unset;
  return Buffer.concat([
    encode.described(sectionCodes.properties, encode.list([unset, unset, unset, unset, unset, id])),
    encode.described(sectionCodes.applicationProperties, encode.map(properties)),
    encode.described(sectionCodes.bodyValue, body),
  ]);
}

/** The message id: the first field of the properties section, a string in all Azure clients. */
export function messageId(message: Buffer): AmqpValue {
  const section = splitSections(message).find((candidate) => candidate.code === sectionCodes.properties);
  const fields = section ? decodeValue(message, section.value).value : null;
  return isList(fields) ? (fields[0] ?? null) : null;
}

function isList(value: AmqpValue): value is readonly AmqpValue[] {
  return Array.isArray(value);
}
