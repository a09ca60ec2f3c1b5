import type { Row } from '../sessions/row';

/** The Auxiliary plan rejects a call whose rows span more than this. */
const maxSpanMs = 30 * 60_000;

/** Groups rows by time so that no group spans more than 30 minutes of TimeGenerated. */
export function byTimeRange<R extends Pick<Row, 'time'>>(rows: readonly R[]): R[][] {
  const groups: R[][] = [];
  let start = Number.NEGATIVE_INFINITY;
  for (const row of rows.toSorted((a, b) => a.time - b.time)) {
    const group = groups.at(-1);
    if (group !== undefined && row.time - start <= maxSpanMs) group.push(row);
    else {
      groups.push([row]);
      start = row.time;
    }
  }
  return groups;
}
