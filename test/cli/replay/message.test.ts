import * as fc from 'fast-check';
import { partitionKey, replayBody, sourceHub } from '../../../cli/replay/replayMessage';
import { Books } from '../../../shared/books';
import { readMessage } from '../../../shared/defender/readMessage';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';

/** The dead letters of a message, as the app makes them. */
async function lettersOf(body: string) {
  const messages = [{ sequenceNumber: '5', body: Buffer.from(body) }];
  const settings = { ...defaultTransformSettings, urlRedaction: 'none' } as const;
  const { letters } = await transformBatch({ hub: 'hub', partition: '0', messages }, settings, new Books());
  return letters;
}

/** What the app finds in a message. */
function read(body: Uint8Array): unknown[] {
  return readMessage(body).map((part) =>
    part.kind === 'record' ? part.original() : { reason: part.reason, bytes: part.bytes?.() },
  );
}

test('the replay of a dead letter holds exactly its record', async () => {
  // No record has a Timestamp, so each becomes a dead letter.
  const record = fc.record({
    category: fc.constantFrom('AdvancedHunting-DeviceNetworkEvents', 'DeviceNetworkEvents'),
    properties: fc.record({
      ActionType: fc.constantFrom('ConnectionSuccess', 'ConnectionFailed'),
      ReportId: fc.integer(),
      More: fc.jsonValue(),
    }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 4 }), async (records) => {
      const message = JSON.stringify({ records });
      const letters = await lettersOf(message);
      expect(letters).toHaveLength(records.length);
      const back = letters.flatMap(({ scope, body }) => read(replayBody(scope, Buffer.from(body))));
      expect(back).toEqual(read(Buffer.from(message)));
    }),
  );
});

test('an integer above 2^53 stays exact', async () => {
  const [letter] = await lettersOf(
    '{"records":[{"category":"DeviceNetworkEvents","properties":{"ActionType":"ConnectionSuccess","ReportId":639199916335081329}}]}',
  );
  const body = replayBody(letter?.scope ?? 'message', Buffer.from(letter?.body ?? []));
  expect(body.toString()).toContain('"ReportId":639199916335081329');
});

test('an unreadable message is sent back byte for byte', async () => {
  const bodies = fc.oneof(fc.string(), fc.json(), fc.constantFrom('', '{"records":[', '[1,2', 'null'));
  await fc.assert(
    fc.asyncProperty(bodies, async (text) => {
      for (const { scope, body } of await lettersOf(text)) {
        if (scope === 'message') expect(replayBody(scope, Buffer.from(body)).toString('utf8')).toBe(text);
      }
    }),
  );
});

test.each([
  ['hub/0/12/0', 'hub'],
  ['a.b-c_d/31/9007199254740991/250', 'a.b-c_d'],
  ['unknown', undefined],
  ['hub/0/12', undefined],
  ['a/b/0/12/0', undefined],
  ['/0/12/0', undefined],
  ['hub/0/12/x', undefined],
])('the source hub of %s is %s', (id, hub) => {
  expect(sourceHub(id)).toBe(hub);
});

test('a partition key fits Event Hubs and keeps the part in which ids differ', () => {
  const hub = 'h'.repeat(256);
  expect(partitionKey(`${hub}/0/12/0`)).toHaveLength(128);
  expect(partitionKey(`${hub}/0/12/0`)).not.toBe(partitionKey(`${hub}/0/12/1`));
  expect(partitionKey('hub/0/12/0')).toBe('hub/0/12/0');
});
