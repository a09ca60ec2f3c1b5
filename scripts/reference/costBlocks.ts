import { createReadStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { number } from '../../cli/common/numberText';
import { deviceCost } from '../../cli/cost/deviceCost';
import { billRows, neededRows } from '../../cli/cost/deviceText';
import {
  allTogether,
  coreColumns,
  coreLever,
  type Lever,
  lever,
  ruleLevers,
  standardLevers,
  together,
} from '../../cli/cost/levers';
import { assumedEventsPerDevice } from '../../cli/cost/period';
import { pricedFile } from '../../cli/cost/pricedFile';
import { listPrices, pricesOf, pricesWith } from '../../cli/cost/prices';
import { percent } from '../../cli/cost/priceText';
import { measuredSample, sampleMessages } from '../../cli/cost/sample';
import { tablePlans, usualTable } from '../../cli/cost/tablePlans';
import { messagesOf } from '../../cli/input/inputMessages';
import type { Message } from '../../shared/batch';
import type { DropRules } from '../../shared/rules/dropRules';
import { loadPackagedRules } from '../../shared/rules/loadRules';
import { readText } from '../kql/queryFiles';
import { code, codes, paragraphs, table } from './markdown';

/** Real events, which are not part of the repository but lie beside it in CI. */
const captured = resolve(__dirname, '../../../shared/samples/defender-captured.ndjson');

/** Every lever that docs/cost.md shows. */
const standard = standardLevers({});
const rules = ruleLevers(exampleRules());
const levers: readonly Lever[] = [
  ...standard,
  lever({ OMIT_COLUMNS: 'AdditionalFields' }, false),
  ...rules,
  ...named(together, allTogether(standard)),
  ...named(`${together} with all rules`, allTogether([...standard, ...rules])),
];

function named(name: string, found: Lever | undefined): Lever[] {
  return found === undefined ? [] : [{ ...found, name }];
}

function exampleRules(): DropRules {
  const read = loadPackagedRules('infra/rules/examples.json');
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.rules;
}

/** The generated blocks of docs/cost.md, by name. A block whose events are not there is undefined, and stays as it is. */
export async function costBlocks(): Promise<Readonly<Record<string, string | undefined>>> {
  return {
    query: `\`\`\`kusto\n${readText('infra/queries/portal/event-volume.kql').trimEnd()}\n\`\`\``,
    bills: await bills(),
    sample: `${await savings(sampleMessages())}\n\nThe core of columns is ${codes(coreColumns.split(','))}.`,
    captured: existsSync(captured) ? await savings(messagesOf(createReadStream(captured))) : undefined,
    prices: prices(),
  };
}

async function bills(): Promise<string> {
  const measured = await measuredSample();
  const columns = [1000, 50_000].flatMap((devices) =>
    tablePlans.map((plan) => deviceCost({ devices }, measured, pricesWith(), { ...usualTable, plan })),
  );
  const [small, large] = [columns[0], columns[tablePlans.length]];
  if (small === undefined || large === undefined) throw new Error('There are two numbers of devices.');
  return paragraphs(
    table(
      ['needed', ...[small, large].map(({ devices }) => `${number(devices)} devices`)],
      neededRows.map(([name, value]) => [name, value(small), value(large)]),
    ),
    `${pricesOf.currency} a month, rows kept for ${usualTable.days} days:`,
    table(
      ['devices', 'plan of the table', ...billRows.map(([name]) => name)],
      columns.map((cost, i) =>
        [number(cost.devices), tablePlans[i % tablePlans.length] ?? ''].concat(
          billRows.map(([, value]) => value(cost)),
        ),
      ),
    ),
  ).trimEnd();
}

async function savings(messages: AsyncIterable<Message>): Promise<string> {
  const amount = { devices: 1000, eventsPerDevice: assumedEventsPerDevice };
  const options = { environment: {}, levers, amount, prices: pricesWith(), days: usualTable.days };
  const { tally, rows, bytesPerRow, jsonBytesPerRow, savings: found } = await pricedFile(messages, options);
  return paragraphs(
    `${number(tally.received)} events became ${number(rows)} rows of ${number(bytesPerRow)} billed bytes (${number(jsonBytesPerRow)} as JSON).`,
    table(
      ['setting', 'billed bytes left of a row', 'saved'],
      found.map((one) => [
        one.name === coreLever ? `${code('KEEP_COLUMNS')} with the core` : code(one.name),
        number((one.bytesPerRow * one.rows) / rows),
        percent(one.saved),
      ]),
    ),
  ).trimEnd();
}

function prices(): string {
  return paragraphs(
    table(
      [code('--price'), pricesOf.currency, 'for a', 'page'],
      Object.entries(listPrices).map(([name, { usd, what, page, isQuoted }]) => [
        code(name),
        String(usd),
        isQuoted ? what : `${what} (not found quoted: check it first)`,
        `[${page.split('/').at(-2)}](${page})`,
      ]),
    ),
  ).trimEnd();
}
