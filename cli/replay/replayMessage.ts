import type { EventData } from '@azure/event-hubs';
import type { StoredLetter } from '../deadLetters/storedLetters';

/** The event property that names the dead letter which a message came from. */
export const replayOf = 'replay-of';

/** The most characters that Event Hubs takes as a partition key. */
const maxKeyLength = 128;

const opening = Buffer.from('{"records":[');
const closing = Buffer.from(']}');

/**
 * The hub that a letter came from, by its id: `hub/partition/sequence number/record index`, or `message` in the place of
 * the index for one that was set aside whole.
 */
export function sourceHub(id: string): string | undefined {
  return /^([^/]+)\/[^/]+\/[^/]+\/(?:\d+|message)$/.exec(id)?.[1];
}

/** The message that gives what is in a letter to the app once more. @throws when the body cannot be unpacked. */
export async function replayMessage(letter: StoredLetter): Promise<EventData> {
  return { body: replayBody(letter.scope, await letter.body()), properties: { [replayOf]: letter.id } };
}

/** A record goes back inside an envelope, in its own bytes; a message, or text that is no JSON, as it was. */
export function replayBody(scope: StoredLetter['scope'], body: Buffer): Buffer {
  return scope === 'record' && isJson(body) ? Buffer.concat([opening, body, closing]) : body;
}

/** All replays of a letter go to one partition. The end of an id is what tells it from others. */
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
