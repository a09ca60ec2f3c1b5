import Table from 'cli-table3';
import { printable, wrapped } from '../common/printable';
import type { Examined } from './examine';
import { type Finding, type Status, statuses } from './finding';

/** A table with a row for each finding, and what to do below it. */
export function reportText(examined: readonly Examined[], columns: number): string {
  const width = Math.max(40, Math.min(columns, 160) - 32);
  const table = new Table({ head: ['', 'check', 'found'], style: { head: [], border: [] } });
  for (const { id, findings } of examined) {
    for (const finding of findings) table.push([finding.status, id, wrapped(lines(finding), width)]);
  }
  const counts = countsOf(examined);
  return `${table.toString()}\n${statuses.map((status) => `${counts[status]} ${status}`).join(', ')}`;
}

function lines({ subject, found, next }: Finding): string {
  const what = printable(subject === '' || found.startsWith(subject) ? found : `${subject}: ${found}`, 1000);
  return next === undefined ? what : `${what}\n-> ${printable(next, 1000)}`;
}

export function countsOf(examined: readonly Examined[]): Readonly<Record<Status, number>> {
  const all = examined.flatMap(({ findings }) => findings);
  const count = (status: Status): number => all.filter((finding) => finding.status === status).length;
  return { ok: count('ok'), warning: count('warning'), wrong: count('wrong'), unknown: count('unknown') };
}
