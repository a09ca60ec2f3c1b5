import type { FaultsResult } from '../../../cli/faults/faultRun';
import { faultsSummary } from '../../../cli/faults/faultsSummary';
import { Books } from '../../../shared/books';

const well: FaultsResult = {
  ...new Books().tally(),
  produced: 5015,
  received: 5015,
  stored: 4600,
  lost: 0,
  unexpected: 0,
  wrong: 0,
  duplicatesStored: 12,
  duplicatesExplained: { answerLost: 12, crash: 0, moved: 0, copy: 0 },
  duplicatesUnexplained: 0,
  deadLettersAgain: 0,
  miscounted: 0,
  books: { publishedAgain: 0, countedAgain: 0, receivedUnexplained: 0, wrongBatches: 0, uncounted: 0 },
  examples: [],
  faults: { 'hub send busy': 2, 'ingestion reset': 1 },
  notShown: [],
  isGivenUp: false,
  seconds: 18.2,
};

/** The last part of what the command says, in one line. */
function verdictOf(changes: Partial<FaultsResult>, isNotShownAccepted = false): string {
  const text = faultsSummary({ ...well, ...changes }, isNotShownAccepted);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  return (text.split('\n\n').at(-1) ?? '').replaceAll('\n', ' ');
}

describe('The verdict of a fault run', () => {
  test('without errors says what that means', () => {
    expect(verdictOf({})).toBe(
      'All well: each of 5,015 records has the expected result, and each of 12 rows that are stored again has a cause (3 faults of 2 kinds, 18 s).',
    );
  });

  test('counts the errors of each kind', () => {
    expect(verdictOf({ lost: 3, miscounted: 1 })).toBe('NOT WELL: 3 lost, 1 miscounted (3 faults of 2 kinds, 18 s).');
  });

  test('names the kinds of faults that never fired, and what to do', () => {
    const notShown = { faults: { 'hub send busy': 2, 'ingestion reset': 0 }, notShown: ['ingestion reset'] };
    expect(verdictOf(notShown)).toMatch(
      /^NOT SHOWN completely: .* These faults never fired: ingestion reset\. Use more events, or --accept-not-shown\.$/,
    );
    expect(verdictOf(notShown, true)).toMatch(/^All well: .* These faults never fired: ingestion reset\.$/);
    expect(faultsSummary({ ...well, ...notShown }, true)).toMatch(/ingestion reset +│ not shown/);
  });

  test('says that the run was stopped early', () => {
    expect(verdictOf({ isGivenUp: true, lost: 3 })).toMatch(/^NOT WELL: no more batches were settled, .* 3 lost/);
  });

  test('comes after the first errors, in lines that fit a terminal', () => {
    const examples = [
      `row ${'0'.repeat(36)} is stored nowhere; partition 3, ${'given to process 4711 as 1-2, '.repeat(9)}`,
    ];
    verdictOf({ lost: 1, examples });
    expect(faultsSummary({ ...well, lost: 1, examples }, false)).toContain('The first errors:\n- row 0000');
  });
});
