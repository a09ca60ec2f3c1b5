import type { ActionType } from './actions';
import { type Filled, filled, text } from './mappingEntry';
import { sum, toCount } from './values/numbers';

/** A column from a key of AdditionalFields that only one action type has. */
export function detailOf(action: ActionType, key: string): Filled<string> {
  return text(['ActionType', `AdditionalFields.${key}`], `${action}: \`${key}\``, (e) =>
    e.is(action) ? e.detailText(key) : undefined,
  );
}

export function icmpCount(...keys: readonly [string, ...string[]]): Filled<number | bigint> {
  const sources = keys.map((key) => `AdditionalFields.${key}`);
  return filled(
    ['ActionType', ...sources],
    `IcmpConnectionInspected: ${keys.map((key) => `\`${key}\``).join(' + ')}`,
    (e) => {
      if (!e.is('IcmpConnectionInspected')) return undefined;
      const [first, ...rest] = keys.map((key) => toCount(e.detail(key)));
      return rest.reduce(sum, first);
    },
  );
}
