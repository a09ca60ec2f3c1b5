/**
 * The bytes of a segment file. A head (magic, sequence number and offset of the first event), then one record a batch:
 * length and CRC-32 of the content, then the content (time, producer, number of events, each event with its length).
 * All numbers are big-endian.
 */
import { crc32 } from 'node:zlib';
import type { Batch } from './partitionLog';

export interface SegmentHead {
  readonly firstSequenceNumber: number;
  readonly firstOffset: number;
}

export type DecodedRecord =
  | { readonly kind: 'whole'; readonly batch: Batch; readonly end: number }
  /** The file ends before the record does, the checksum of its very last record is wrong, or only zeros follow. */
  | { readonly kind: 'torn' }
  /** The checksum is wrong and the file goes on. */
  | { readonly kind: 'damaged' };

const magic = Buffer.from('EHSEGM01', 'latin1');
export const segmentHeadBytes = magic.length + 16;
const recordHeadBytes = 8;
const contentHeadBytes = 28;
const noProducer = -1n;

export function encodeSegmentHead({ firstSequenceNumber, firstOffset }: SegmentHead): Buffer {
  const head = Buffer.alloc(segmentHeadBytes);
  magic.copy(head);
  head.writeBigInt64BE(BigInt(firstSequenceNumber), 8);
  head.writeBigInt64BE(BigInt(firstOffset), 16);
  return head;
}

/** Undefined if the bytes do not begin with a head. */
export function readSegmentHead(bytes: Buffer): SegmentHead | undefined {
  if (bytes.length < segmentHeadBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  return { firstSequenceNumber: Number(bytes.readBigInt64BE(8)), firstOffset: Number(bytes.readBigInt64BE(16)) };
}

export function encodeRecord({ enqueuedTime, events, producer }: Batch): Buffer {
  const contentHead = Buffer.alloc(contentHeadBytes);
  contentHead.writeBigInt64BE(BigInt(enqueuedTime), 0);
  contentHead.writeBigInt64BE(producer ? BigInt(producer.id) : noProducer, 8);
  contentHead.writeInt32BE(producer?.epoch ?? 0, 16);
  contentHead.writeInt32BE(producer?.lastSequence ?? 0, 20);
  contentHead.writeUInt32BE(events.length, 24);
  const content = Buffer.concat([contentHead, ...events.flatMap((event) => [lengthOf(event), event])]);
  const head = Buffer.alloc(recordHeadBytes);
  head.writeUInt32BE(content.length, 0);
  head.writeUInt32BE(crc32(content), 4);
  return Buffer.concat([head, content]);
}

function lengthOf(event: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(event.length, 0);
  return length;
}

/** Reads the record at `at`, whose first event has the position `first`. */
export function decodeRecord(bytes: Buffer, at: number, first: SegmentHead): DecodedRecord {
  if (bytes.length - at < recordHeadBytes) return { kind: 'torn' };
  const end = at + recordHeadBytes + bytes.readUInt32BE(at);
  if (end > bytes.length) return { kind: 'torn' };
  const content = bytes.subarray(at + recordHeadBytes, end);
  if (content.length < contentHeadBytes || crc32(content) !== bytes.readUInt32BE(at + 4)) {
    const nothingAfter = end === bytes.length || bytes.subarray(at).every((byte) => byte === 0);
    return { kind: nothingAfter ? 'torn' : 'damaged' };
  }
  const producerId = content.readBigInt64BE(8);
  const batch: Batch = {
    ...first,
    enqueuedTime: Number(content.readBigInt64BE(0)),
    events: splitEvents(content),
    ...(producerId !== noProducer && {
      producer: {
        id: Number(producerId),
        epoch: content.readInt32BE(16),
        lastSequence: content.readInt32BE(20),
      },
    }),
  };
  return { kind: 'whole', batch, end };
}

function splitEvents(content: Buffer): Buffer[] {
  const events: Buffer[] = [];
  let at = contentHeadBytes;
  for (let index = content.readUInt32BE(24); index > 0; index--) {
    const end = at + 4 + content.readUInt32BE(at);
    events.push(content.subarray(at + 4, end));
    at = end;
  }
  return events;
}
