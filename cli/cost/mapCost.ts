import type { DropRules } from '../../shared/rules/dropRules';
import { UsageError } from '../common/exit';
import { print } from '../common/standardOutput';
import { columnsOf } from '../common/terminal';
import { aboutFile, fileBytes } from '../input/inputFile';
import { type InputOptions, messagesOf } from '../input/inputMessages';
import { amountArguments, amountOf, leversOf, pricesOfArguments, tableArguments, tableOf } from './costArguments';
import { type PricedFile, type PriceOptions, pricedFile } from './pricedFile';
import { pricesOf } from './prices';
import { priceText } from './priceText';

/** The options of `map --cost`. */
export const mapCostArguments = {
  cost: { type: 'boolean', default: false },
  try: { type: 'string', multiple: true },
  ...tableArguments,
  ...amountArguments,
} as const;

export const mapCostUsage = `  --cost         instead of rows, print what a month of such events costs by
                 plan of the table, what weighs most, and what settings would
                 save: docs/cost.md. The rows of a month follow from the times
                 of the events, or from one of
                   --devices N [--events-per-device N], --events-per-day N,
                   --files-per-day N
                 Also: --try NAME=VALUE (a setting to try; may be repeated),
                 --rules FILE (each of its rules is tried),
                 --plan PLAN, --days N, --price NAME=USD`;

type Values = Parameters<typeof amountOf>[0] & {
  readonly cost: boolean;
  readonly try?: readonly string[] | undefined;
  readonly plan: string;
  readonly days: string;
  readonly price?: readonly string[] | undefined;
  readonly json: boolean;
};

/** @throws UsageError for options of `--cost` without it */
export function rejectWithoutCost(values: Values): void {
  if (values.cost) return;
  const { plan, days } = tableArguments;
  const given = [
    ...(['devices', 'events-per-device', 'events-per-day', 'files-per-day', 'try', 'price'] as const).filter(
      (name) => values[name] !== undefined,
    ),
    ...(values.plan === plan.default ? [] : ['plan']),
    ...(values.days === days.default ? [] : ['days']),
  ];
  if (given.length > 0) throw new UsageError(`--${given.join(', --')}: only together with --cost.`);
}

/** Prints what the file's events cost, and returns it. @throws UsageError, ConfigError */
export async function printCost(
  file: string,
  values: Values,
  /** To try beside the settings. */
  rules: DropRules | undefined,
  input: InputOptions,
  onDeadLetter: NonNullable<PriceOptions['onDeadLetter']>,
): Promise<PricedFile> {
  const table = tableOf(values);
  const environment = process.env;
  const options: PriceOptions = {
    environment,
    levers: leversOf(values.try, environment, rules),
    amount: amountOf(values),
    prices: pricesOfArguments(values.price),
    days: table.days,
    table: input.table,
    onDeadLetter,
  };
  const priced = await pricedFile(messagesOf(fileBytes(file), input), options).catch((error: unknown) => {
    throw aboutFile(file, error);
  });
  const text = priceText(priced, { width: columnsOf(process.stdout), ...table, prices: options.prices });
  const { tally: _, ...json } = priced;
  await print([
    `${text}\n`,
    ...(values.json ? [`${JSON.stringify({ ...pricesOf, prices: options.prices, ...json })}\n`] : []),
  ]);
  return priced;
}
