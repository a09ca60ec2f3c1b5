import { assumedBusyHours, assumedEventsPerDevice } from './period';
import type { Prices } from './prices';
import type { MeasuredBytes } from './sample';
import { type Plan, planFor } from './scalePlan';
import { hoursAMonth, type Table } from './tablePlans';

/** CPU time of a record: what `npm run bench` measures on Node 22, rounded (docs/bench.md). It decides only how many instances are needed. */
export const assumedMicroseconds = 50;

export interface Devices {
  readonly devices: number;
  readonly eventsPerDevice?: number;
  /** How many times busier the busiest hour is than the average one. */
  readonly busyHours?: number;
}

/** What `npm run cost -- --json` prints, beside what it was computed from. */
export interface DeviceCost extends Omit<Plan, 'recordsPerSecond' | 'parameters'> {
  readonly devices: number;
  readonly eventsPerDevice: number;
  readonly busyHours: number;
  readonly eventsPerSecond: number;
  /** Billed. */
  readonly gbPerDay: number;
}

/** What the events of so many devices need and cost a month: needed is what the busiest hour takes. */
export function deviceCost(
  { devices, eventsPerDevice = assumedEventsPerDevice, busyHours = assumedBusyHours }: Devices,
  measured: MeasuredBytes,
  prices: Prices,
  table: Table,
): DeviceCost {
  const eventsPerSecond = (devices * eventsPerDevice) / 86_400;
  const figures = { ...measured, microsecondsPerRecord: assumedMicroseconds };
  const {
    recordsPerSecond: _,
    parameters: _1,
    ...plan
  } = planFor(eventsPerSecond * busyHours, figures, prices, table, busyHours);
  return {
    devices,
    eventsPerDevice,
    busyHours,
    eventsPerSecond,
    gbPerDay: plan.gbPerMonth / (hoursAMonth / 24),
    ...plan,
  };
}
