/** The Auxiliary plan refuses a call whose rows span more than this. */
const maxSpanMs = 30 * 60_000;

const timeGenerated = /"TimeGenerated":"([^"]{1,40})"/;

/**
 * Groups rows, each given as JSON text, so that no group spans more than 30 minutes of TimeGenerated: indexes, in the
 * order of time. Rows without a readable time stand alone.
 */
export function byTimeRange(rows: readonly string[]): number[][] {
  const timed = rows.map((row, index) => ({ index, time: Date.parse(timeGenerated.exec(row)?.[1] ?? '') }));
  const groups = timed.filter(({ time }) => Number.isNaN(time)).map(({ index }) => [index]);
  let start = Number.NEGATIVE_INFINITY;
  for (const { index, time } of timed.filter((row) => !Number.isNaN(row.time)).toSorted((a, b) => a.time - b.time)) {
    const group = groups.at(-1);
    if (group !== undefined && time - start <= maxSpanMs) group.push(index);
    else {
      groups.push([index]);
      start = time;
    }
  }
  return groups;
}
