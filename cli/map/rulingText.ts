import type { Ruling } from '../../shared/transform/ruling';

/** What rules say of a record, in words. Names of rules hold only letters, digits, spaces, dots, - and _. */
export function rulingText({ droppedBy, countedBy, failedIn }: Ruling): string {
  return [
    ...(droppedBy === undefined ? [] : [`dropped by rule "${droppedBy}"`]),
    ...countedBy.map((rule) => `counted by rule "${rule}"`),
    ...failedIn.map((rule) => `error in rule "${rule}", which does not drop it`),
  ].join('; ');
}

/** What to say of rules that took too long. */
export function switchedOffText(rules: readonly string[]): string {
  const names = rules.map((rule) => `"${rule}"`).join(', ');
  return `Switched off, because they took too long: ${names}. The records after that are not asked, in the app neither until it restarts. Make the expressions simpler: docs/rules.md.`;
}
