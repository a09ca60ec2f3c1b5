/**
 * Which partition a key belongs to: Jenkins' lookup3 hash over the key's UTF-8 bytes, folded to 16 bits. It is the hash
 * that the SDKs' buffered producers carry, so that a key chosen by the client and by the service is one partition.
 */
const block = 12;
const initial = 0xdeadbeef;

export function partitionOfKey(key: string, partitions: number): number {
  const { b, c } = lookup3(Buffer.from(key, 'utf8'));
  const folded = ((b ^ c) << 16) >> 16;
  return Math.abs(folded % partitions);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

function lookup3(key: Buffer): { b: number; c: number } {
  let a = (initial + key.length) | 0;
  let b = a;
  let c = a;
  if (key.length === 0) return { b, c };
  let at = 0;
  for (; key.length - at > block; at += block) {
    a = (a + key.readInt32LE(at)) | 0;
    b = (b + key.readInt32LE(at + 4)) | 0;
    c = (c + key.readInt32LE(at + 8)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
  }
  const tail = Buffer.alloc(block);
  key.copy(tail, 0, at);
  a = (a + tail.readInt32LE(0)) | 0;
  b = (b + tail.readInt32LE(4)) | 0;
  c = (c + tail.readInt32LE(8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return { b, c };
}
