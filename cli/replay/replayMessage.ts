import type { EventData } from '@azure/event-hubs';
import type { StoredLetter } from '../deadLetters/storedLetters';

/** The event property that names the dead letter that a message came from. */
const replayOf = 'replay-of';

/** Event Hubs takes partition keys of up to this many characters. */
const maxKeyLength = 128;

/**
 * The hub that a letter came from, by its id: `hub/partition/sequence number/record index`, or `message` instead of the index
 * for a whole message.
 */
export function sourceHub(id: string): string | undefined {
  return /^([^/]+)\/[^/]+\/[^/]+\/(?:\d+|message)$/.exec(id)?.[1];
}

/** The message that sends the content of a letter to the app again. @throws when the body cannot be unpacked. */
export async function replayMessage(letter: StoredLetter): Promise<EventData> {
  return { body: replayBody(letter.scope, await letter.body()), properties: { [replayOf]: letter.id } };
}

/** A record goes back inside an envelope, byte for byte; a message, or text that is not JSON, unchanged. */
export function replayBody(scope: StoredLetter['scope'], body: Buffer): Buffer {
  if (scope !== 'record' || !isJson(body)) return body;
  return Buffer.concat([Buffer.from('{"records":['), body, Buffer.from(']}')]);
}

/** All replays of a letter go to one partition. Ids differ at their end. */
export function partitionKey(id: string): string {
  return id.slice(-maxKeyLength);
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
