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

export interface Comparison {
  readonly isWorse: boolean;
  /** For people; empty when all is well. */
  readonly text: string;
}

export function compareWithBaseline(report: Report, baselines = readBaselines()): Comparison {
  const baseline = baselines[majorOf(report.node)];
  if (baseline === undefined) {
    const text = `There is no baseline for Node ${report.node}, so nothing is compared. npm run bench -- --write-baseline makes one.`;
    return { isWorse: false, text };
  }
  const now = baselineOf(report);
  const worse = margins.flatMap(([name, margin, of]) => {
    // How cost grows shows only in a run of the same length.
    if (name === 'growth' && now.records < baseline.records) return [];
    const limit = margin * of(baseline);
    if (of(now) <= limit) return [];
    const [is, was, most] = [of(now), of(baseline), limit].map((value) => value.toFixed(2));
    return [`${name} is ${is}; it was ${was} on ${baseline.date}, and at most ${most} is accepted.`];
  });
  return { isWorse: worse.length > 0, text: worse.length > 0 ? [...worse, advice].join('\n') : '' };
}

const advice = `Run it again when nothing else runs on the machine. If it stays so, look for the cause: npm run bench -- --breakdown.
If the change is worth its cost, keep the new figures: npm run bench -- --write-baseline`;

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
