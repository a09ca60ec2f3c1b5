import { readCases } from '../../scripts/cases/caseFiles';
import { readCase } from '../../scripts/cases/caseOutcome';
import { isMapped } from '../../shared/transform/actions';
import { NetworkEvent } from '../../shared/transform/event';
import { mapping } from '../../shared/transform/mapping';
import { transform } from '../../shared/transform/transform';

/** What each column read over all cases, and what it read a value from. */
interface Reads {
  readonly read: Set<string>;
  readonly withValue: Set<string>;
}

const filled = Object.entries(mapping).flatMap(([column, entry]) =>
  entry.kind === 'filled' ? [{ column, from: entry.from, value: entry.value }] : [],
);

function readsOfAllCases(): ReadonlyMap<string, Reads> {
  const reads = new Map(
    filled.map(({ column }): [string, Reads] => [column, { read: new Set(), withValue: new Set() }]),
  );
  for (const { parts, settings } of readCases().map(readCase)) {
    for (const part of parts) {
      if (part.kind !== 'record' || !isMapped(part.table) || transform(part, settings).kind !== 'row') continue;
      for (const { column, value } of filled) {
        const found = reads.get(column);
        const event = new NetworkEvent(part, part.table, settings, (source, held) => {
          found?.read.add(source);
          if (held !== undefined && held !== null && held !== '') found?.withValue.add(source);
        });
        value(event);
      }
    }
  }
  return reads;
}

describe('the sources that a column names', () => {
  const reads = readsOfAllCases();

  test.each(filled)(
    '$column reads what it names, nothing else, and each with a value in some case',
    ({ column, from }) => {
      const named = from.toSorted();
      expect([...(reads.get(column)?.read ?? [])].toSorted()).toEqual(named);
      expect([...(reads.get(column)?.withValue ?? [])].toSorted()).toEqual(named);
    },
  );
});
