import * as fc from 'fast-check';
import { brokenRules } from '../../../local/hostile/rowRules';
import { addTallies, Books, balances } from '../../../shared/books';
import { isObject, parseJson } from '../../../shared/json';
import { defaultTransformSettings } from '../../../shared/transform/settings';
import { transformBatch } from '../../../shared/transformBatch';
import { record, tenantId } from '../kit/records';
import { writeJson } from '../kit/values';

const perMessage = 250;
const messages = 40;

test('10,000 hostile records become rows that keep every rule, dead letters with a reason, or counts, and none is lost', () => {
  const texts = fc.sample(record, { numRuns: 2000, seed: 20_261_121 }).map(writeJson);
  let total = new Books().tally();
  const broken: string[] = [];
  for (let message = 0; message < messages; message++) {
    // The same record comes again and again, each time for another tenant, so that none is a duplicate.
    const records = Array.from({ length: perMessage }, (_, i) => {
      const position = message * perMessage + i;
      return (texts[position % texts.length] ?? '').replace(`"${tenantId}"`, `"tenant-${position}"`);
    });
    const body = Buffer.from(`{"records":[${records.join(',')}]}`);
    const books = new Books();
    const batch = { hub: 'hub', partition: '0', messages: [{ body, sequenceNumber: String(message) }] };
    const { rows, letters } = transformBatch(batch, defaultTransformSettings, books);
    books.sent(rows.length, 0, 0);
    for (const { reason } of letters) books.deadLettered(reason);
    total = addTallies(total, books.tally());
    for (const { text } of rows) {
      const row = parseJson(text);
      broken.push(...(isObject(row) ? brokenRules(row) : ['the row is no object']));
    }
  }
  expect(broken.slice(0, 5)).toEqual([]);
  expect([total.received, total.duplicates, balances(total)]).toEqual([10_000, 0, true]);
  expect(total.sent).toBeGreaterThan(5000);
  expect(Object.keys(total.deadLetteredByReason)).toEqual(['BadTimestamp']);
});
