import type { Outcomes } from '../../../cli/faults/evidence';
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

const outcomes: Outcomes = { rows: 4600, skipped: 300, dropped: 0, deadLettered: 100, duplicates: 15 };

/** The last part of what the command says, in one line. */
function verdictOf(changes: Partial<FaultsResult>, isNotShownAccepted = false): string {
  const text = faultsSummary({ ...well, ...changes }, outcomes, isNotShownAccepted);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  return (text.split('\n\n').at(-1) ?? '').replaceAll('\n', ' ');
}

describe('The verdict of a fault run', () => {
  test('without errors says what that means', () => {
    expect(verdictOf({})).toBe(
      'Passed: all 5,015 records ended as expected. Rows were stored again 12 times, each explained by a fault above. (3 faults of 2 kinds, 18 s)',
    );
  });

  test('counts the errors of each kind', () => {
    expect(verdictOf({ lost: 3, miscounted: 1 })).toBe('Failed: 3 lost, 1 miscounted. (3 faults of 2 kinds, 18 s)');
  });

  test('names the kinds of faults that never fired, and what to do', () => {
    const notShown = { faults: { 'hub send busy': 2, 'ingestion reset': 0 }, notShown: ['ingestion reset'] };
    expect(verdictOf(notShown)).toMatch(
      /^Not complete: .* These faults never fired: ingestion breaks the connection, stores nothing\. Use more events, or --accept-not-shown\.$/,
    );
    expect(verdictOf(notShown, true)).toMatch(/^Passed: .* These faults never fired: ingestion breaks .*\.$/);
    expect(faultsSummary({ ...well, ...notShown }, outcomes, true)).toMatch(
      /ingestion breaks the connection, stores nothing +│ not shown/,
    );
  });

  test('says that the run was stopped early', () => {
    expect(verdictOf({ isGivenUp: true, lost: 3 })).toMatch(/^Failed: no more batches were settled, .* 3 lost/);
  });

  test('comes after the first errors, in lines that fit a terminal', () => {
    const examples = [
      `row ${'0'.repeat(36)} is stored nowhere; partition 3, ${'given to process 4711 as 1-2, '.repeat(9)}`,
    ];
    verdictOf({ lost: 1, examples });
    expect(faultsSummary({ ...well, lost: 1, examples }, outcomes, false)).toContain('The first errors:\n- row 0000');
  });
});

/** The counts of the account by their text; those of indented lines below the line that they add up to. */
function account(text: string): { readonly what: string; readonly count: number; readonly below: number[] }[] {
  const lines = Array.from(
    text.matchAll(/│ ( *)(\S.*?) *│ +(-?[\d,]+) │/g),
    ([, indent = '', what = '', count = '']) => ({
      indent: indent.length,
      what,
      count: Number(count.replaceAll(',', '')),
    }),
  );
  const sums: { what: string; count: number; below: number[] }[] = [];
  for (const { indent, what, count } of lines) {
    if (indent === 0) sums.push({ what, count, below: [] });
    else sums.at(-1)?.below.push(count);
  }
  return sums;
}

test('In the account of a fault run, indented lines add up to the line above them', () => {
  const result: FaultsResult = {
    ...well,
    received: 5215,
    duplicatesExplained: { answerLost: 5, crash: 4, moved: 2, copy: 1 },
    books: { publishedAgain: 50, countedAgain: 150, receivedUnexplained: 0, wrongBatches: 0, uncounted: 0 },
  };
  const sums = account(faultsSummary(result, outcomes, false)).filter(({ below }) => below.length > 0);
  expect(sums.map(({ what, count }) => [what, count])).toEqual([
    ['records produced, damaged messages and copies included', 5015],
    ['rows stored again', 12],
    ["records in the app's books, repeats included", 5215],
  ]);
  for (const { count, below } of sums) expect(below.reduce((sum, one) => sum + one, 0)).toBe(count);
});
