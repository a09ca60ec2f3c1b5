import { type Costs, forEachWay, rounded } from './cost';
import type { Measured } from './measure';
import type { StartUp } from './startUp';

/** What `--json` prints: others read it by these names. */
export function reportOf(measured: Measured, peakRssMiB: number, startUp: StartUp) {
  const { costs, collected, bytesPerRecord, breakdown } = measured;
  return {
    node: process.version,
    records: measured.distinctRecords,
    messages: measured.messages,
    rows: measured.rows,
    bytesPerRecord: Math.round(bytesPerRecord),
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

/** The same as text, one line per figure. */
export function textOf(report: ReturnType<typeof reportOf>): string {
  const lines: string[] = [];
  for (const [name, value] of Object.entries(report)) {
    if (typeof value !== 'object') lines.push(line(name, value));
    else {
      lines.push('', name);
      for (const [key, part] of Object.entries<string | number>(value)) lines.push(line(`  ${key}`, part));
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
