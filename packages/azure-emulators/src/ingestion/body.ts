import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { errorCode } from '../fields';
import type { Limits } from './ingestionOptions';
import { Rejection } from './rejection';

const unzip = promisify(gunzip);

/**
 * A body above the limit is read and ignored, so that the client finishes sending and sees the 413. After this many bytes the
 * connection is closed.
 */
const drainBytes = 64 * 1024 * 1024;

/** A body as sent; only its length if it is above the limit. */
export interface SentBody {
  readonly bytes: number;
  readonly content: Buffer | undefined;
}

/** @throws when the client closes the connection before the end, or sends without end */
export function readBody(request: IncomingMessage, limit: number): Promise<SentBody> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks.length = 0;
      if (bytes > drainBytes) request.destroy(new Error(`The body is longer than ${drainBytes} bytes.`));
    });
    request.once('end', () => resolve({ bytes, content: bytes <= limit ? Buffer.concat(chunks) : undefined }));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The client closed the connection before the body ended.')));
  });
}

/**
 * The JSON text of a body, gunzipped to the limit and no further.
 *
 * @throws Rejection when the body is empty, too large before or after gunzip, not gzip although its header says so, or not UTF-8.
 */
export async function textOf(
  body: SentBody,
  encoding: string | undefined,
  limits: Required<Limits>,
): Promise<BodyText> {
  if (body.content === undefined) throw tooLarge(limits.compressedBytes, String(body.bytes));
  // The live tests of the .NET client record this answer.
  if (body.bytes === 0) throw new Rejection(500, 'InternalServerError', 'The body is empty.');
  const content = await decode(body.content, encoding, limits.uncompressedBytes);
  if (!isUtf8(content)) throw new Rejection(400, 'InvalidPayload', 'The body is not UTF-8.');
  return { text: content.toString('utf8'), bytes: content.length };
}

export interface BodyText {
  readonly text: string;
  /** Length after gunzip. */
  readonly bytes: number;
}

async function decode(content: Buffer, encoding: string | undefined, limit: number): Promise<Buffer> {
  switch (encoding?.toLowerCase()) {
    case undefined:
    case 'identity':
      if (content.length > limit) throw tooLarge(limit, String(content.length));
      return content;
    case 'gzip':
      try {
        return await unzip(content, { maxOutputLength: limit });
      } catch (error) {
        if (errorCode(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(limit, `more than ${limit}`);
        throw new Rejection(400, 'InvalidPayload', 'The body is not gzip, although Content-Encoding says so.');
      }
    default:
      throw new Rejection(
        415,
        'EmulatorContentEncoding',
        `Content-Encoding must be gzip or absent, not '${encoding}'.`,
      );
  }
}

function tooLarge(limit: number, provided: string): Rejection {
  return new Rejection(
    413,
    'ContentLengthLimitExceeded',
    `Maximum allowed content length: ${limit} bytes (${Math.round(limit / 2 ** 20)} MB). Provided content length: ${provided} bytes.`,
  );
}
