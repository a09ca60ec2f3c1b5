import {
  type FamilyName,
  generateStream,
  proportions,
  type SessionColumns,
  type StreamMessage,
  type StreamOptions,
  sessionText,
} from 'defender-samples';
import { Books } from '../../shared/books';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { transformBatch } from '../../shared/transformBatch';

const end = new Date('2026-11-21T08:15:28.188Z');

/** What the product makes of each record of a message, by their index; and what it counts. */
async function madeOf({ body, outcomes }: StreamMessage) {
  const books = new Books();
  const batch = { hub: 'hub', partition: '0', messages: [{ body, sequenceNumber: '7' }] };
  const { rows, letters } = await transformBatch(batch, defaultTransformSettings, books);
  const made = Array<object | undefined>(outcomes.length).fill(undefined);
  for (const { text, uid, position } of rows) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- other tests check the types of rows.
    made[indexOf(position)] = { state: 'row', uid, session: sessionText(JSON.parse(text) as SessionColumns) };
  }
  for (const { id, reason } of letters) made[indexOf(id)] = { state: 'dead', reason };
  const { received, duplicates, skippedByTable } = books.tally();
  return { made, received, duplicates, skipped: skippedByTable };
}

/** Of a record in its message, by its position. */
function indexOf(position: string): number {
  return Number(position.split('/').at(-1));
}

async function expectAsStated(options: Partial<StreamOptions> & { readonly records: number }): Promise<void> {
  for (const message of generateStream({ seed: 1, end, ...options })) {
    const { received, duplicates, skipped } = message.expected;
    const stated = message.outcomes.map((outcome) => {
      if (outcome.state === 'row') return { state: 'row', uid: outcome.uid, session: outcome.session };
      return outcome.state === 'dead' ? outcome : undefined;
    });
    expect(await madeOf(message)).toEqual({ made: stated, received, duplicates, skipped });
  }
}

describe('defender-samples and the product agree, without knowing of each other,', () => {
  test('on what becomes of each of 20,000 records: EventUid, time, direction and ends of its row, or the reason', async () => {
    await expectAsStated({ records: 20_000, oddityInterval: 50 });
  });

  test.each([...proportions.keys()])('on records of the family %s', async (name) => {
    await expectAsStated({
      records: 60,
      shares: { [name]: 1 } satisfies Partial<Record<FamilyName, number>>,
      oddities: false,
    });
  });
});
