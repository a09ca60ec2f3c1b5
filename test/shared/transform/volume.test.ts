import { generateHostile } from 'defender-samples/hostile';
import * as fc from 'fast-check';
import { checkHostile } from '../../../scripts/hostile/check';

/** `npm run hostile -- --check --records 1000000` is the same at full size. */
const records = 1000;

test('thousands of hostile records become rows that obey every rule, dead letters with the right reason, or counts; none is lost', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), async (seed) => {
      const account = await checkHostile(generateHostile({ records, seed }), records);
      expect(account).toMatchObject({ differences: [], brokenRules: [], brokenRows: 0, balances: true });
      expect([account.produced, account.tally.received]).toEqual([records, records]);
      expect(account.rowsChecked).toBeGreaterThan(records / 2);
    }),
    { numRuns: 2, endOnFailure: true },
  );
});
