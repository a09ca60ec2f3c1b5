import Table from 'cli-table3';
import { counted, number } from '../common/numberText';
import { plainTable, printable, wrapped } from '../common/printable';
import { fitted } from '../common/terminal';
import { switchedOffText } from '../map/rulingText';
import { auxiliaryRowBytes } from './billedSize';
import { allRules, coreColumns, coreLever, together } from './levers';
import type { PricedFile } from './pricedFile';
import { type Prices, pricesOf } from './prices';
import { gbPrice, type TablePlan, tablePlans } from './tablePlans';

export interface TextOptions {
  /** Of the terminal, in characters. */
  readonly width: number;
  /** The plan of which the savings are shown. */
  readonly plan: TablePlan;
  readonly days: number;
  readonly prices: Prices;
}

/** What a file costs, for people: what a month costs by plan, what weighs most, and what each lever saves. */
export function priceText(file: PricedFile, options: TextOptions): string {
  const { rows, tally, bytesPerRow, jsonBytesPerRow, period } = file;
  const line = (text: string): string => fitted(text, options.width);
  if (rows === 0) return line('No record became a row, so there is nothing to price.');
  return [
    line(
      `${counted(tally.received, 'event')} became ${counted(rows, 'row')} of ${number(bytesPerRow)} billed bytes on average (${number(jsonBytesPerRow)} as JSON).`,
    ),
    line(period),
    '',
    line(
      `${gbText(file)}${pricesOf.currency}, list prices of ${pricesOf.region} read on ${pricesOf.read}, rows kept for ${counted(options.days, 'day')}:`,
    ),
    planTable(file, options),
    'Billed bytes a row by column:',
    bytesTable(file.columns, bytesPerRow),
    'by key of AdditionalFields:',
    bytesTable(file.additionalFields, bytesPerRow),
    line(`What each setting saves beside those of the environment, plan ${options.plan}:`),
    savingsTable(file, options),
    ...notes(file).map(line),
  ].join('\n');
}

function planTable({ costPerMonth }: PricedFile, { prices }: TextOptions): string {
  const rows = tablePlans.map((plan) => [
    plan,
    String(Number(gbPrice(plan, prices).toFixed(6))),
    costPerMonth === null ? '?' : amount(costPerMonth[plan]),
  ]);
  return drawn(['plan', `${pricesOf.currency} a GB`, `${pricesOf.currency} a month`], rows);
}

function gbText({ gbPerMonth }: PricedFile): string {
  return gbPerMonth === null
    ? ''
    : `${amount(gbPerMonth)} GB a month as billed (Auxiliary counts ${auxiliaryRowBytes} bytes a row more). `;
}

const shown = 12;

function bytesTable(bytes: Readonly<Record<string, number>>, ofRow: number): string {
  const sorted = Object.entries(bytes);
  const rest = sorted.slice(shown).reduce((sum, [, one]) => sum + one, 0);
  const rows = [...sorted.slice(0, shown), ...(rest > 0 ? [[`${sorted.length - shown} more`, rest] as const] : [])];
  return drawn(
    ['name', 'bytes a row', 'of a row'],
    rows.map(([name, one]) => [printable(name, 40), number(one), percent(one / ofRow)]),
  );
}

function savingsTable({ savings, rows }: PricedFile, { plan }: TextOptions): string {
  const lines = savings.map((saving) => [
    wrapped(printable(saving.name, 400).replaceAll(',', ', '), 34),
    number((saving.bytesPerRow * saving.rows) / rows),
    percent(saving.saved),
    saving.gbPerMonth === null ? '?' : amount(saving.gbPerMonth),
    saving.costPerMonth === null ? '?' : amount(saving.costPerMonth[plan]),
  ]);
  return drawn(['setting', 'bytes left', 'saved', 'GB a month', pricesOf.currency], lines);
}

function notes({ savings, rulesSwitchedOff, ruleErrorsByRule }: PricedFile): string[] {
  const has = (name: string): boolean => savings.some((saving) => saving.name === name);
  return [
    'Bytes left are what is left of a row of today. Try your own settings with --try NAME=VALUE.',
    ...(has(coreLever) ? [`The core is ${coreColumns.replaceAll(',', ', ')}.`] : []),
    ...(has(allRules)
      ? ['A rule that only counts is tried as if it dropped.']
      : ['What rules would save: --rules FILE, for example infra/rules/examples.json.']),
    ...(rulesSwitchedOff.length === 0
      ? []
      : [`${switchedOffText(rulesSwitchedOff)} What they save is shown only as far as they were asked.`]),
    ...Object.entries(ruleErrorsByRule).map(
      ([rule, count]) => `Rule "${rule}" threw for ${counted(count, 'record')}, which it does not drop.`,
    ),
    ...(has(together) ? ['Together: the settings that lose nothing, or all that --try names; with all rules.'] : []),
  ];
}

/** Whole numbers from 10 on, with commas; below that with two decimals. */
export function amount(value: number): string {
  const digits = Math.abs(value) < 10 ? 2 : 0;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}

/** A table whose first column is text and whose others are numbers. */
export function drawn(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    ...plainTable,
    head: [...head],
    colAligns: head.map((_, i) => (i === 0 ? 'left' : 'right')),
  });
  for (const row of rows) table.push([...row]);
  return table.toString();
}
