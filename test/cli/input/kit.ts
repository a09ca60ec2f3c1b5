import { type InputMessage, type InputOptions, messagesOf } from '../../../cli/input/inputMessages';

/** Content in pieces of these sizes, over and over. */
export async function* inPieces(content: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < content.length; i++) {
    const end = at + Math.max(1, sizes[i % sizes.length] ?? content.length);
    yield content.subarray(at, end);
    at = end;
  }
}

export async function read(
  content: string | Buffer,
  options: InputOptions = {},
  sizes: readonly number[] = [],
): Promise<InputMessage[]> {
  const found: InputMessage[] = [];
  for await (const message of messagesOf(inPieces(Buffer.from(content), sizes), options)) found.push(message);
  return found;
}

export async function texts(content: string | Buffer, options?: InputOptions): Promise<string[]> {
  return (await read(content, options)).map(({ body }) => body.toString());
}
