import { messagesOf } from '../../../cli/faults/faultMessages';
import { mergedTruths } from '../../../cli/faults/mergedTruths';
import { rowsOfBodies } from '../../shared/flows/kit';

test('the judge and the app, which share no code, find the same identical connections', async () => {
  let merged = 0;
  for (const message of messagesOf(5000, 3, true)) {
    const truths = mergedTruths(message);
    const { rows, tally } = await rowsOfBodies([message.body]);
    const wanted = truths.flatMap((truth) => (truth.state === 'row' || truth.state === 'rejected' ? [truth.uid] : []));
    expect(rows.map(({ uid }) => uid)).toEqual(wanted);
    const countOf = (state: string): number => truths.filter((truth) => truth.state === state).length;
    expect([tally.merged, tally.duplicates]).toEqual([countOf('merged'), countOf('duplicate')]);
    merged += tally.merged;
  }
  expect(merged).toBeGreaterThan(10);
});
