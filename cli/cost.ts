import { inputArguments, readArguments, wholeNumber } from './common/arguments';
import { exitCodes, run, UsageError } from './common/exit';
import { counted, number } from './common/numberText';
import { print } from './common/standardOutput';
import { columnsOf, fitted } from './common/terminal';
import { pricesOfArguments, tableArguments, tableOf, tableUsage } from './cost/costArguments';
import { type DeviceCost, deviceCost } from './cost/deviceCost';
import { deviceText } from './cost/deviceText';
import { assumedBusyHours, assumedEventsPerDevice } from './cost/period';
import { pricesOf } from './cost/prices';
import { type MeasuredBytes, measuredBytes, sampleMessages } from './cost/sample';
import { aboutFile, fileBytes } from './input/inputFile';
import { messagesOf } from './input/inputMessages';
import { inputOptions } from './input/inputOptions';

const usage = `Usage: npm run cost -- --devices N [FILE|-] [options]
  Estimates GB, the hub's size and the bill of a month for so many devices, from
  the bytes of the rows that events become: those of FILE (as for npm run map),
  without it 2,000 generated ones. docs/cost.md says how billing works.
  --devices N         devices that report to Defender
  --events-per-device N
                      events of a device a day (default ${assumedEventsPerDevice}, an assumption:
                      docs/cost.md has the query that counts yours)
  --busy-hours X      how many times busier the busiest hour is than the
                      average hour (default ${assumedBusyHours}, an assumption)
${tableUsage}
  --table T, --dates ORDER   as for npm run map
  --json              make the last line of stdout one JSON object
The settings that change rows are read from the environment, so that
ADDITIONAL_FIELDS=minimal npm run cost -- --devices 1000 shows the difference.`;

async function main(): Promise<number> {
  const { values, positionals } = readArguments(
    {
      devices: { type: 'string' },
      'events-per-device': { type: 'string', default: String(assumedEventsPerDevice) },
      'busy-hours': { type: 'string', default: String(assumedBusyHours) },
      ...tableArguments,
      ...inputArguments,
      json: { type: 'boolean', default: false },
    },
    usage,
    true,
  );
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError('Name at most one file, or - for standard input.', { usage });
  if (values.devices === undefined) throw new UsageError('Say how many devices: --devices N.', { usage });
  const devices = {
    devices: wholeNumber('devices', values.devices, 1, 1e8),
    eventsPerDevice: wholeNumber('events-per-device', values['events-per-device'], 1, 1e8),
    busyHours: timesOf(values['busy-hours']),
  };
  const table = tableOf(values);
  const prices = pricesOfArguments(values.price);
  const input = inputOptions(values);
  const measured = await (file === undefined
    ? measuredBytes(sampleMessages(), process.env)
    : measuredFile(file, { ...input, note: (line) => console.error(line) }));
  const cost = deviceCost(devices, measured, prices, table);
  const width = columnsOf(process.stdout);
  const lines = [
    fitted(about(cost, measured, file), width),
    deviceText(cost),
    fitted(
      `List prices of ${pricesOf.region} read on ${pricesOf.read}, plan ${table.plan}, rows kept for ${counted(table.days, 'day')}, without discounts, free grants and taxes. Instances count as running all the time. Not included: telemetry, alerts, storage, queries, networks.`,
      width,
    ),
  ];
  const json = JSON.stringify({ ...pricesOf, ...table, prices, measured, ...cost });
  await print([`${lines.join('\n')}\n`, ...(values.json ? [`${json}\n`] : [])]);
  return exitCodes.well;
}

async function measuredFile(file: string, input: Parameters<typeof messagesOf>[1]): Promise<MeasuredBytes> {
  try {
    return await measuredBytes(messagesOf(fileBytes(file), input), process.env, input?.table);
  } catch (error) {
    if (!(error instanceof RangeError)) throw aboutFile(file, error);
    throw new UsageError(
      `${file}: no record became a row, so nothing can be measured. "npm run map -- ${file} --explain" says why.`,
      { cause: error },
    );
  }
}

/** @throws UsageError */
function timesOf(text: string): number {
  const value = /^\d{1,3}(?:\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (value >= 1) return value;
  throw new UsageError(`--busy-hours: expected a number from 1 to 999, for example 2.5; found "${text}".`);
}

function about({ devices, eventsPerDevice, busyHours }: DeviceCost, measured: MeasuredBytes, file?: string): string {
  const { bytesPerRecord, billedBytesPerRow, rowsPerRecord } = measured;
  const assumed = eventsPerDevice === assumedEventsPerDevice ? ', an assumption' : '';
  return [
    `${counted(devices, 'device')} with ${number(eventsPerDevice)} events a day each (--events-per-device${assumed}), and a busiest hour of ${busyHours} times the average.`,
    `Measured on ${file ?? 'generated events'}: ${number(bytesPerRecord)} bytes an event in the hub, ${rowsPerRecord.toFixed(2)} rows an event, ${number(billedBytesPerRow)} billed bytes a row.`,
  ].join('\n');
}

void run(main);
