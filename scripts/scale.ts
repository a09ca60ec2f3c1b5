import { readArguments, wholeNumber } from '../cli/common/arguments';
import { exitCodes, run } from '../cli/common/exit';
import { pricesOfArguments, tableArguments, tableOf, tableUsage } from '../cli/cost/costArguments';
import { pricesOf } from '../cli/cost/prices';
import { type Plan, planFor } from '../cli/cost/scalePlan';
import { costRows, measured, parameterRows, sizeRows, usualRates } from './scale/page';

const usage = `Usage: npm run scale -- [options]
  Computes what the app needs and costs a month, from the benchmark's baseline
  and the limits of the services. docs/scale.md shows the defaults.
  --records N         records a second in the busiest hour; may be repeated
                      (default 1000, 10000, 100000 and 1000000)
${tableUsage}
  --json              make the last line of stdout one JSON object`;

async function main(): Promise<number> {
  const { values } = readArguments(
    {
      records: { type: 'string', multiple: true, default: usualRates.map(String) },
      ...tableArguments,
      json: { type: 'boolean', default: false },
    },
    usage,
  );
  const rates = values.records.map((text) => wholeNumber('records', text, 1, 1e9));
  const table = tableOf(values);
  const prices = pricesOfArguments(values.price);
  const figures = await measured();
  const plans = rates.map((rate) => planFor(rate, figures, prices, table));
  for (const plan of plans) console.log(textOf(plan));
  if (values.json) console.log(JSON.stringify({ ...pricesOf, measured: figures, plans }));
  return exitCodes.well;
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
