import type { Row } from './row';

/** The largest body. The service's limit is 1 MB; this is below it, whether that means 10^6 or 2^20 bytes. */
export const maxChunkBytes = 1_000_000;

/** Rows for one call to the Logs Ingestion API. */
export class Chunk<R extends Pick<Row, 'text'> = Pick<Row, 'text'>> {
  constructor(
    readonly rows: readonly R[],
    /** Of the body, at most {@link maxChunkBytes}. */
    readonly bytes: number,
  ) {}

  /** A JSON array of the rows, UTF-8. Made for each call, so that memory holds only the bodies that are being sent. */
  body(): Buffer {
    const body = Buffer.allocUnsafe(this.bytes);
    let end = 0;
    for (const { text } of this.rows) {
      body.write(end === 0 ? '[' : ',', end++);
      end += body.write(text, end);
    }
    body.write(']', end);
    return body;
  }
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
 * Packs rows in their order into chunks with bodies of at most `limit` bytes.
 * @throws RowTooLarge for a row that fits into no chunk.
 */
export function packChunks<R extends Pick<Row, 'text'>>(rows: readonly R[], limit: number = maxChunkBytes): Chunk<R>[] {
  const chunks: Chunk<R>[] = [];
  let first = 0;
  let bytes = 1;
  for (const [i, { text }] of rows.entries()) {
    const rowBytes = Buffer.byteLength(text) + 1;
    if (rowBytes + 1 > limit) throw new RowTooLarge(rowBytes + 1, limit);
    if (bytes + rowBytes > limit) {
      chunks.push(new Chunk(rows.slice(first, i), bytes));
      first = i;
      bytes = 1;
    }
    bytes += rowBytes;
  }
  if (first < rows.length) chunks.push(new Chunk(rows.slice(first), bytes));
  return chunks;
}
