/** The Auxiliary plan rejects a call whose rows span more than this. */
const maxSpanMs = 30 * 60_000;

const timeGenerated = /"TimeGenerated":"([^"]{1,40})"/;

/**
 * Groups rows by time so that no group spans more than 30 minutes of TimeGenerated. Each row without a readable time is a group
 * of its own.
 */
export function byTimeRange<R extends { readonly text: string }>(rows: readonly R[]): R[][] {
  const timed = rows.map((row) => ({ row, time: Date.parse(timeGenerated.exec(row.text)?.[1] ?? '') }));
  const groups = timed.filter(({ time }) => Number.isNaN(time)).map(({ row }) => [row]);
  let start = Number.NEGATIVE_INFINITY;
  for (const { row, time } of timed.filter((one) => !Number.isNaN(one.time)).toSorted((a, b) => a.time - b.time)) {
    const group = groups.at(-1);
    if (group !== undefined && time - start <= maxSpanMs) group.push(row);
    else {
      groups.push([row]);
      start = time;
    }
  }
  return groups;
}
