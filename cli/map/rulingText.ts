import type { Ruling } from '../../shared/transform/ruling';

/** What rules say of a record, in words. Names of rules hold only letters, digits, spaces, dots, - and _. */
export function rulingText({ droppedBy, countedBy, failedIn }: Ruling): string {
  return [
    ...(droppedBy === undefined ? [] : [`dropped by rule "${droppedBy}"`]),
    ...countedBy.map((rule) => `counted by rule "${rule}"`),
    ...failedIn.map((rule) => `error in rule "${rule}", which does not drop it`),
  ].join('; ');
}
