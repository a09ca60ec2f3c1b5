import { readTransformSettings } from '../../shared/config';
import { readMessage } from '../../shared/defender/envelope';
import { parseJson, stringifyJson } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import { type Case, readCases } from '../cases';

/** Every case by hand from the specification: the whole row, and what became of every record. */
describe('mapping', () => {
  for (const one of readCases()) {
    test(`${one.name}: ${one.note}`, () => {
      expect(outcomeOf(one)).toEqual({ rows: one.rows, skipped: one.skipped, dead: one.dead });
    });
  }
});

function outcomeOf(one: Case): { rows: unknown[]; skipped: string[]; dead: string[] } {
  const settings = readTransformSettings(one.settings);
  const outcome: { rows: unknown[]; skipped: string[]; dead: string[] } = { rows: [], skipped: [], dead: [] };
  for (const part of readMessage(Buffer.from(one.message), { table: one.table })) {
    const result = part.kind === 'record' ? transform(part, settings) : part;
    if (result.kind === 'row') outcome.rows.push(parseJson(stringifyJson(result.row)));
    else if (result.kind === 'skipped') outcome.skipped.push(result.key);
    else outcome.dead.push(result.reason);
  }
  return outcome;
}
