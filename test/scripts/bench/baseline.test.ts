import { type Baseline, compareWithBaseline, readBaselines } from '../../../scripts/bench/baseline';
import type { Report } from '../../../scripts/bench/report';

const costs = { floor: 20, product: 40, straightforward: 50, productWithTelemetry: 42 };
const ratios = { productOverFloor: 2, straightforwardOverProduct: 1.25, productWithTelemetryOverFloor: 2.1 };
const figures = { bytesPerRecord: 2400, bytesPerRow: 1700, rowsPerRecord: 0.92, recordsPerMessage: 240, growth: 1.1 };
const baseline: Baseline = {
  ...figures,
  date: '2026-11-29',
  ratios,
  importOverNode: 1.5,
  records: 1_000_000,
  microsecondsPerRecord: costs,
};
const report: Report = {
  ...figures,
  node: 'v20.20.2',
  records: 1_000_000,
  distinctRecords: 20_000,
  messages: 83,
  rows: 18_400,
  microsecondsPerRecord: costs,
  wallMicrosecondsPerRecord: costs,
  ratios,
  ratiosAfterCollection: ratios,
  microsecondsAfterRecords: {},
  peakRssMiB: 900,
  longestBlockMs: 50,
  startUp: { nodeMs: 40, importMs: 60, importOverNode: 1.5, telemetryMs: 60, bytes: 1_700_000 },
};
const compared = (changed: Partial<Report>) => compareWithBaseline({ ...report, ...changed }, { 20: baseline });

test('the same ratios pass, on a machine of any speed', () => {
  expect(compared({})).toEqual({ isWorse: false, text: '' });
  const slow = { floor: 200, product: 400, straightforward: 500, productWithTelemetry: 420 };
  expect(compared({ microsecondsPerRecord: slow })).toEqual({ isWorse: false, text: '' });
});

test('better ratios pass, and so do those that are worse within the margin', () => {
  expect(compared({ ratios: { ...ratios, productOverFloor: 1.2 } }).isWorse).toBe(false);
  expect(compared({ ratios: { ...ratios, productOverFloor: 2.79 } }).isWorse).toBe(false);
});

test('a ratio far above its baseline fails, and the message says what to do', () => {
  const { isWorse, text } = compared({ ratios: { ...ratios, productOverFloor: 2.81 } });
  expect(isWorse).toBe(true);
  expect(text).toMatch(/^productOverFloor is 2\.81; it was 2\.00 on 2026-11-29, and at most 2\.80 is accepted\.\n/);
  expect(text).toContain('npm run bench -- --breakdown');
  expect(text).toContain('npm run bench -- --write-baseline');
});

test.each<[string, Partial<Report>]>([
  ['productWithTelemetryOverFloor', { ratios: { ...ratios, productWithTelemetryOverFloor: 3 } }],
  ['productOverStraightforward', { ratios: { ...ratios, straightforwardOverProduct: 0.8 } }],
  ['growth', { growth: 1.5 }],
  ['importOverNode', { startUp: { ...report.startUp, importOverNode: 2.3 } }],
  ['bytesPerRow', { bytesPerRow: 1900 }],
])('%s fails when it gets far worse', (name, changed) => {
  expect(compared(changed)).toEqual({
    isWorse: true,
    text: expect.stringMatching(new RegExp(`^${name} is `)) as unknown,
  });
});

test('growth is not compared with that of a longer run', () => {
  expect(compared({ growth: 9, records: 10_000 })).toEqual({ isWorse: false, text: '' });
});

test('a version of Node without a baseline passes, and the message says how to make one', () => {
  const { isWorse, text } = compareWithBaseline({ ...report, node: 'v24.1.0' }, { 20: baseline });
  expect(isWorse).toBe(false);
  expect(text).toContain('no baseline for Node v24.1.0');
  expect(text).toContain('npm run bench -- --write-baseline');
});

test('the baseline that is kept has the ratios of Node 20', () => {
  const kept = readBaselines()[20];
  expect(kept?.ratios.productOverFloor).toBeGreaterThan(1);
  expect(kept?.bytesPerRow).toBeGreaterThan(500);
});
