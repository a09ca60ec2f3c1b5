import { number } from '../common/numberText';
import type { DeviceCost } from './deviceCost';
import { pricesOf } from './prices';
import { amount, drawn } from './priceText';

type Row = readonly [name: string, value: (cost: DeviceCost) => string];

/** What so many devices need, for `npm run cost` and docs/cost.md. */
export const neededRows: readonly Row[] = [
  ['events a second, on average', ({ eventsPerSecond }) => amount(eventsPerSecond)],
  ['GB a day in the table, as billed', ({ gbPerDay }) => amount(gbPerDay)],
  ['GB a month in the table', ({ gbPerMonth }) => amount(gbPerMonth)],
  ['MB a second into the hub, busiest hour', ({ megabytesPerSecond }) => amount(megabytesPerSecond)],
  ['partitions', ({ partitions }) => number(partitions)],
  ['throughput units (Standard)', ({ throughputUnits }) => (throughputUnits === 0 ? '-' : number(throughputUnits))],
  ['processing units (Premium)', ({ processingUnits }) => (processingUnits === 0 ? '-' : number(processingUnits))],
];

/** What it costs a month. */
export const billRows: readonly Row[] = [
  ['rows into the table', ({ costPerMonth }) => amount(costPerMonth.ingestion)],
  ['rows kept longer than ingestion pays for', ({ costPerMonth }) => amount(costPerMonth.retention)],
  ['Event Hubs', ({ costPerMonth }) => amount(costPerMonth.eventHubs)],
  ['Functions, at most', ({ costPerMonth }) => amount(costPerMonth.functions)],
  ['together', ({ costPerMonth }) => amount(costPerMonth.total)],
];

export function deviceText(cost: DeviceCost): string {
  const { deployments, hubs } = cost;
  const rows = (of: readonly Row[]) => of.map(([name, value]) => [name, value(cost)]);
  // Most need one of each.
  const shares: [string, string][] = [
    ...(deployments > 1 ? [['deployments that share all this evenly', number(deployments)] as [string, string]] : []),
    ...(hubs > 1 ? [['hubs that share the partitions evenly', number(hubs)] as [string, string]] : []),
  ];
  return [
    drawn(['needed', ''], [...rows(neededRows), ...shares]),
    drawn([`${pricesOf.currency} a month`, ''], rows(billRows)),
  ].join('\n');
}
