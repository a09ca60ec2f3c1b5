import { type Environment, rowSettings } from '../../shared/config';
import type { DropRules } from '../../shared/rules/dropRules';
import { wholeNumber } from '../common/arguments';
import { UsageError } from '../common/exit';
import { allTogether, type Lever, lever, ruleLevers, standardLevers } from './levers';
import { assumedEventsPerDevice } from './period';
import { isPriceName, listPrices, type PriceName, type Prices, pricesWith } from './prices';
import { type Table, tablePlans, usualTable } from './tablePlans';

/** Options of every command that prices a table. */
export const tableArguments = {
  plan: { type: 'string', default: usualTable.plan },
  days: { type: 'string', default: String(usualTable.days) },
  price: { type: 'string', multiple: true },
} as const;

/** Options that say how many events there are. */
export const amountArguments = {
  devices: { type: 'string' },
  'events-per-device': { type: 'string' },
  'events-per-day': { type: 'string' },
  'files-per-day': { type: 'string' },
} as const;

/** Lines of the usage text. */
export const tableUsage = `  --plan PLAN         plan of the table: ${tablePlans.slice(0, 3).join(', ')},
                      ${tablePlans.slice(3).join(', ')} (default ${usualTable.plan}; Sentinel is Analytics in a
                      workspace with Microsoft Sentinel)
  --days N            days for which rows are kept (default ${usualTable.days})
  --price NAME=USD    another price than docs/cost.md lists; may be repeated`;

/** @throws UsageError */
export function tableOf(values: { readonly plan: string; readonly days: string }): Table {
  const plan = tablePlans.find((one) => one === values.plan);
  if (plan === undefined) throw new UsageError(`--plan: expected ${tablePlans.join(', ')}; found "${values.plan}".`);
  return { plan, days: wholeNumber('days', values.days, 1, 4383) };
}

/** @throws UsageError */
export function pricesOfArguments(texts: readonly string[] = []): Prices {
  return pricesWith(Object.fromEntries(texts.map(priceOf)));
}

function priceOf(text: string): [PriceName, number] {
  const [, name = '', usd] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (isPriceName(name)) return [name, Number(usd)];
  throw new UsageError(
    `--price: expected NAME=USD, for example analytics=2.3, with a name of ${Object.keys(listPrices).join(', ')}; found "${text}".`,
  );
}

type AmountValues = { readonly [name in keyof typeof amountArguments]?: string | undefined };

/** @throws UsageError for a wrong number, and where two of them say how many events there are. */
export function amountOf(values: AmountValues) {
  const given = (['devices', 'events-per-day', 'files-per-day'] as const).filter((name) => values[name] !== undefined);
  if (given.length > 1) {
    throw new UsageError(
      `--${given.join(', --')}: expected at most one of them, because each says how many events there are.`,
    );
  }
  if (values['events-per-device'] !== undefined && values.devices === undefined) {
    throw new UsageError('--events-per-device needs --devices N: events of a device say nothing without their number.');
  }
  const number = (name: keyof AmountValues): number | undefined => {
    const text = values[name];
    return text === undefined ? undefined : wholeNumber(name, text, 1, 1e12);
  };
  return {
    devices: number('devices'),
    eventsPerDay: number('events-per-day'),
    filesPerDay: number('files-per-day'),
    eventsPerDevice: number('events-per-device') ?? assumedEventsPerDevice,
  };
}

/**
 * The levers to try: the user's own with `--try NAME=VALUE`, without any the standard ones; and the rules of a file.
 * @throws UsageError
 */
export function leversOf(tries: readonly string[] = [], environment: Environment = {}, rules?: DropRules): Lever[] {
  const settings = tries.length === 0 ? standardLevers(environment) : tries.map(tried);
  const levers = [...settings, ...(rules === undefined ? [] : ruleLevers(rules))];
  const all = allTogether(levers);
  return all === undefined ? levers : [...levers, all];
}

function tried(text: string): Lever {
  const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
  const names = rowSettings.map((setting) => setting.name);
  if (names.includes(name)) return lever({ [name]: value }, true);
  throw new UsageError(
    `--try: expected NAME=VALUE with a setting that changes rows (${names.join(', ')}); found "${text}".`,
  );
}
