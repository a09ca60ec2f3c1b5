import { readCases } from '../../scripts/cases/caseFiles';
import { outcomeOf, readCase } from '../../scripts/cases/caseOutcome';

/** Every case by hand from the specification: the whole row, and what became of every record. */
describe('mapping', () => {
  for (const one of readCases()) {
    test(`${one.name}: ${one.note}`, () => {
      expect(outcomeOf(readCase(one))).toEqual({ rows: one.rows, skipped: one.skipped, dead: one.dead });
    });
  }
});
