/** The largest body. The service's limit is 1 MB; this is below it, whether that means 10^6 or 2^20 bytes. */
export const maxChunkBytes = 1_000_000;

/** The body of one call to the Logs Ingestion API. */
export interface Chunk {
  /** A JSON array of rows, UTF-8, at most {@link maxChunkBytes}. */
  readonly body: Buffer;
  /** How many rows it contains. */
  readonly rows: number;
}

/** A row does not fit into a chunk alone; `bytes` includes the brackets around it. */
export class RowTooLarge extends Error {
  override readonly name = 'RowTooLarge';
  readonly code = 'RowTooLarge';
  constructor(
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`A row takes ${bytes} bytes; one call takes at most ${limit}.`);
  }
}

/** Bytes of a JSON array with only this row. */
export function bytesAlone(row: string): number {
  return Buffer.byteLength(row) + 2;
}

/**
 * Packs rows, given as JSON text, in their order into bodies of at most `limit` bytes.
 * @throws RowTooLarge for a row that fits into no chunk.
 */
export function* packChunks(rows: Iterable<string>, limit: number = maxChunkBytes): Generator<Chunk> {
  let texts: string[] = [];
  let bytes = 1;
  for (const row of rows) {
    const rowBytes = Buffer.byteLength(row) + 1;
    if (rowBytes + 1 > limit) throw new RowTooLarge(rowBytes + 1, limit);
    if (bytes + rowBytes > limit && texts.length > 0) {
      yield chunkOf(texts);
      texts = [];
      bytes = 1;
    }
    texts.push(row);
    bytes += rowBytes;
  }
  if (texts.length > 0) yield chunkOf(texts);
}

function chunkOf(texts: readonly string[]): Chunk {
  return { body: Buffer.from(`[${texts.join(',')}]`), rows: texts.length };
}
