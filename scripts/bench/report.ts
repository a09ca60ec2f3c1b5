import { type Costs, forEachWay, rounded } from './cost';
import type { Measured } from './measure';
import type { StartUp } from './startUp';

/** What `--json` prints: others read it by these names. */
export type Report = ReturnType<typeof reportOf>;

export function reportOf(measured: Measured, peakRssMiB: number, startUp: StartUp) {
  const { costs, collected, bytesPerRecord, breakdown } = measured;
  return {
    node: process.version,
    records: measured.records,
    distinctRecords: measured.distinctRecords,
    messages: measured.messages,
    rows: measured.rows,
    bytesPerRecord: Math.round(bytesPerRecord),
    bytesPerRow: Math.round(measured.rowBytes / measured.rows),
    rowsPerRecord: rounded(measured.rows / measured.distinctRecords, 3),
    recordsPerMessage: Math.round(measured.distinctRecords / measured.messages),
    microsecondsPerRecord: forEachWay((name) => rounded(costs[name].cpu, 1)),
    wallMicrosecondsPerRecord: forEachWay((name) => rounded(costs[name].wall, 1)),
    ratios: ratiosOf(costs),
    ratiosAfterCollection: ratiosOf(collected),
    microsecondsAfterRecords: Object.fromEntries(
      measured.stages.map(({ records, microseconds }) => [records, rounded(microseconds, 1)]),
    ),
    growth: rounded(measured.growth, 2),
    peakRssMiB: Math.round(peakRssMiB),
    longestBlockMs: rounded(measured.longestBlockMs, 1),
    startUp: { ...startUp },
    ...(breakdown === undefined ? {} : { breakdown: breakdown.phases, functions: breakdown.functions }),
  };
}

type Figure = string | number;
export type Figures = Readonly<Record<string, Figure | Readonly<Record<string, Figure>>>>;

/** The same for people: a line each. */
export function textOf(report: Figures): string {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(report)) {
    if (typeof value !== 'object') lines.push(line(name, value));
    else {
      lines.push('', name);
      for (const [key, part] of Object.entries(value)) lines.push(line(`  ${key}`, part));
    }
  }
  return lines.join('\n');
}

function line(name: string, value: string | number): string {
  return `${name.padEnd(60)} ${value}`;
}

function ratiosOf({ floor, product, straightforward, productWithTelemetry }: Costs) {
  return {
    productOverFloor: rounded(product.cpu / floor.cpu, 2),
    straightforwardOverProduct: rounded(straightforward.cpu / product.cpu, 2),
    productWithTelemetryOverFloor: rounded(productWithTelemetry.cpu / floor.cpu, 2),
  };
}
