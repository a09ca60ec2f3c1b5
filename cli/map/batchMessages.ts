import type { Message } from '../../shared/batch';

/** Groups messages as the trigger does, so that duplicates are found. An error of `messages` comes after the last batch. */
export async function* batched(
  messages: AsyncIterable<Message>,
  most = 256,
  mostBytes = 8 * 1024 * 1024,
): AsyncGenerator<Message[], void, undefined> {
  let batch: Message[] = [];
  let size = 0;
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const message of messages) {
      batch.push(message);
      size += message.body instanceof Uint8Array ? message.body.length : 0;
      if (batch.length < most && size < mostBytes) continue;
      yield batch;
      batch = [];
      size = 0;
    }
  } catch (error) {
    failure = { error };
  }
  if (batch.length > 0) yield batch;
  if (failure !== undefined) throw failure.error;
}
