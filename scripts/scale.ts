import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run, UsageError } from '../cli/common/exit';
import { costRows, measured, parameterRows, sizeRows, usualRates, usualTable } from './scale/page';
import { isPriceName, listPrices, type PriceName, pricesOf, pricesWith } from './scale/prices';
import { type Plan, planFor, type Table, tablePlans } from './scale/scalePlan';

const usage = `Usage: npm run scale -- [options]
  Computes what the app needs and costs a month, from the benchmark's baseline
  and the limits of the services. docs/scale.md shows the defaults.
  --records N         records a second in the busiest hour; may be repeated
                      (default 1000, 10000, 100000 and 1000000)
  --plan PLAN         plan of the table: Analytics (default), Basic, Auxiliary
  --days N            days for which rows are kept (default 90)
  --price NAME=USD    another price; may be repeated. Names:
                      ${Object.keys(listPrices).slice(0, 4).join(', ')},
                      ${Object.keys(listPrices).slice(4).join(', ')}
  --json              make the last line of stdout one JSON object`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      records: { type: 'string', multiple: true, default: usualRates.map(String) },
      plan: { type: 'string', default: usualTable.plan },
      days: { type: 'string', default: String(usualTable.days) },
      price: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const rates = values.records.map((text) => wholeNumber('records', text, 1, 1e9));
  const table = { plan: planOf(values.plan), days: wholeNumber('days', values.days, 1, 4383) };
  const prices = pricesWith(Object.fromEntries(values.price.map(priceOf)));
  const plans = rates.map((rate) => planFor(rate, measured(), prices, table));
  for (const plan of plans) console.log(textOf(plan));
  if (values.json) console.log(JSON.stringify({ ...pricesOf, measured: measured(), plans }));
  return Promise.resolve(exitCodes.well);
}

/** @throws UsageError */
function planOf(text: string): Table['plan'] {
  const found = tablePlans.find((plan) => plan === text);
  if (found !== undefined) return found;
  throw new UsageError(`--plan: expected ${tablePlans.join(', ')}; found "${text}".`);
}

/** @throws UsageError */
function priceOf(text: string): [PriceName, number] {
  const [, name = '', usd] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (isPriceName(name)) return [name, Number(usd)];
  throw new UsageError(
    `--price: expected NAME=USD, for example analytics=2.3, with a name of ${Object.keys(listPrices).join(', ')}; found "${text}".`,
  );
}

function textOf(plan: Plan): string {
  const part = (title: string, rows: typeof sizeRows): string[] => [
    `  ${title}`,
    ...rows.map(([name, value]) => `    ${name.padEnd(32)} ${value(plan)}`),
  ];
  return [
    `${plan.recordsPerSecond.toLocaleString('en-US')} records a second`,
    ...part('needed', sizeRows),
    ...part(`${pricesOf.currency} a month, ${pricesOf.region}`, costRows),
    ...part('parameters of each deployment', parameterRows),
    '',
  ].join('\n');
}

void run(main);
