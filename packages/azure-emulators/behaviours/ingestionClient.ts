import type { Area, OfClients } from './behaviour';

const sdk = 'ingestion/sdk.test.ts';
const bodies = 'ingestion/bodies.test.ts';

/** What `upload()` does, by the title of the one test that shows it. */
function upload(does: string, title: string, file = sdk): OfClients {
  return { does, ground: 'run', held: [[file, title]], by: '`@azure/monitor-ingestion` 1.2.0' };
}

export const ingestionClient: Area = {
  title: 'The client of Logs Ingestion: `upload()`',
  behaviours: [
    upload(
      'The address carries `api%2Dversion`.',
      'the SDK client, which writes the version as api%2Dversion, gets 204 and its row is stored',
      'ingestion/access.test.ts',
    ),
    upload(
      'Rows are measured one by one, without commas and brackets: a body can exceed 1,000,000 bytes.',
      'the bodies that it makes may exceed 1,000,000 bytes',
    ),
    upload('Bodies are gzipped.', 'every row of every chunk is stored', bodies),
    upload('Five bodies are under way at once.', 'it has five bodies under way at once, unless told'),
    upload(
      'An abort between two bodies: it resolves, though only a part was sent.',
      'an abort between two bodies: upload() resolves although only the first body was sent',
    ),
    upload(
      'An abort during a body: rows of bodies that were never begun are in no list.',
      'an abort during a body: the error names the rows of that body only, not those never begun',
    ),
    upload(
      'The message of its error says nothing; status and code are in `errors[].cause`.',
      'the message of its error does not say what happened: status and code are in errors[].cause',
    ),
    upload(
      'An onError that throws is an unhandled rejection, which ends a worker.',
      'an onError that throws ends the process, even where the rejection of upload() is caught',
    ),
    upload(
      'It has no time-out, and requestOptions do not reach the request.',
      'it has no time-out: a call without an answer is pending until the caller aborts it',
    ),
    upload(
      'A policy can set a time-out; the AbortError that follows is not tried again.',
      'a time-out that a policy sets ends the call with an AbortError, which is not tried again',
    ),
    upload('429 without Retry-After gets one attempt.', '429 without Retry-After: one'),
    upload('429 with Retry-After gets four.', '429 with Retry-After: four'),
    upload('Retry-After is obeyed without a cap.', 'Retry-After is obeyed without a cap: a day is waited for'),
    upload('400, 401, 403, 404 and 413 get one attempt.', '%d: one'),
    upload('408 and 5xx get four.', '%d: four'),
    upload('A lost connection gets four.', 'a lost connection: four'),
    upload(
      'A row above 1 MB is sent and refused with 413.',
      'a row above 1 MB that the SDK client sends is 413',
      bodies,
    ),
    upload(
      '`undefined` and BigInt reject before anything is sent.',
      '%s: upload() rejects with a TypeError, and nothing is sent',
    ),
    upload('Integers above 2^53 are rounded.', 'an integer above 2^53 arrives rounded'),
    upload('No token goes over plain http.', 'it sends no token over plain http'),
  ],
};
