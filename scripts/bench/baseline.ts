import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from './report';

const file = resolve(__dirname, 'baseline.json');

/** What `--write-baseline` keeps of a report, for each major version of Node. */
export type Baseline = Pick<
  Report,
  'ratios' | 'growth' | 'records' | 'bytesPerRecord' | 'bytesPerRow' | 'rowsPerRecord' | 'recordsPerMessage'
> & {
  readonly date: string;
  readonly importOverNode: number;
  /** Never compared, because it is of one machine: docs/scale.md is computed from it. */
  readonly microsecondsPerRecord: Report['microsecondsPerRecord'];
};

/** Figures that are ratios, or the same on every machine, and how many times worse one may get before a check fails. */
const margins: readonly (readonly [name: string, margin: number, of: (figures: Baseline) => number])[] = [
  ['productOverFloor', 1.4, ({ ratios }) => ratios.productOverFloor],
  ['productWithTelemetryOverFloor', 1.4, ({ ratios }) => ratios.productWithTelemetryOverFloor],
  ['productOverStraightforward', 1.4, ({ ratios }) => 1 / ratios.straightforwardOverProduct],
  ['growth', 1.3, ({ growth }) => growth],
  ['importOverNode', 1.5, ({ importOverNode }) => importOverNode],
  ['bytesPerRow', 1.1, ({ bytesPerRow }) => bytesPerRow],
];

export function readBaselines(): Readonly<Record<string, Baseline>> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- writeBaseline wrote it.
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Baseline>;
}

export function writeBaseline(report: Report): void {
  const baselines = { ...readBaselines(), [majorOf(report.node)]: baselineOf(report) };
  writeFileSync(file, `${JSON.stringify(baselines, undefined, 2)}\n`);
}

/** What got too much worse, for people; undefined where there is no baseline for this version of Node. */
export function worseThanBaseline(report: Report, baselines = readBaselines()): string[] | undefined {
  const baseline = baselines[majorOf(report.node)];
  if (baseline === undefined) return undefined;
  const now = baselineOf(report);
  return margins.flatMap(([name, margin, of]) => {
    // How cost grows shows only in a run of the same length.
    if (name === 'growth' && now.records < baseline.records) return [];
    const most = margin * of(baseline);
    if (of(now) <= most) return [];
    return [
      `${name} is ${of(now).toFixed(2)}; the baseline is ${of(baseline).toFixed(2)}, the limit ${most.toFixed(2)}.`,
    ];
  });
}

function majorOf(node: string): string {
  return /^v?(\d+)/.exec(node)?.[1] ?? node;
}

function baselineOf(report: Report): Baseline {
  const { ratios, growth, records, bytesPerRecord, bytesPerRow, rowsPerRecord, recordsPerMessage } = report;
  return {
    date: new Date().toISOString().slice(0, 10),
    ratios,
    growth,
    importOverNode: report.startUp.importOverNode,
    records,
    bytesPerRecord,
    bytesPerRow,
    rowsPerRecord,
    recordsPerMessage,
    microsecondsPerRecord: report.microsecondsPerRecord,
  };
}
