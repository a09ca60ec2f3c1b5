import { assumedMicroseconds, deviceCost } from '../../../cli/cost/deviceCost';
import { deviceText } from '../../../cli/cost/deviceText';
import { pricesWith } from '../../../cli/cost/prices';
import { readBaselines } from '../../../scripts/bench/baseline';

const measured = {
  bytesPerRecord: 2000,
  bytesPerRow: 1500,
  billedBytesPerRow: 1000,
  rowsPerRecord: 0.5,
  recordsPerMessage: 100,
};
const prices = pricesWith({
  throughputUnit: 0.03,
  ingressMillion: 0.028,
  gbSecond: 0.000026,
  executionMillion: 0.4,
  analytics: 2.3,
  retention: 0.1,
});

test('43,200 devices with 2,000 events a day: every figure was computed by hand', () => {
  const cost = deviceCost({ devices: 43_200, eventsPerDevice: 2000, busyHours: 4 }, measured, prices, {
    plan: 'Analytics',
    days: 31,
  });
  // 86.4 million events a day are 1,000 a second, 4,000 in the busiest hour: 8 MB/s.
  expect(cost).toMatchObject({
    eventsPerSecond: 1000,
    megabytesPerSecond: 8,
    // Room for twice that.
    partitions: 16,
    throughputUnits: 8,
    processingUnits: 0,
  });
  // 86.4 million x 0.5 rows x 1,000 billed bytes
  expect(cost.gbPerDay).toBeCloseTo(43.2, 6);
  // 730 hours of 1.8 GB
  expect(cost.gbPerMonth).toBeCloseTo(1314, 6);
  expect(cost.costPerMonth.ingestion).toBeCloseTo(3022.2, 6);
  expect(cost.costPerMonth.retention).toBe(0);
  // 8 x 730 x 0.03, and 26.28 million messages of four units of 64 KB each (200,000 bytes)
  expect(cost.costPerMonth.eventHubs).toBeCloseTo(175.2 + 2.94336, 6);
});

test('more than one namespace takes is told as deployments and hubs; one deployment is not', () => {
  const table = { plan: 'Analytics', days: 31 } as const;
  const textOf = (devices: number): string =>
    deviceText(deviceCost({ devices, eventsPerDevice: 2000, busyHours: 4 }, measured, prices, table));
  // 800 MB/s; a Premium namespace takes 16 x 5, a hub at most 25 partitions of 1.
  expect(textOf(43_200 * 100)).toMatch(/deployments that share all this evenly\D+10\b/);
  expect(textOf(43_200 * 100)).toMatch(/hubs that share the partitions evenly\D+40\b/);
  expect(textOf(43_200)).not.toMatch(/deployments|hubs/);
});

test('the CPU time that is assumed is that of the benchmark on the version of Node that is deployed, within a fifth', () => {
  const { productWithTelemetry = 0 } = readBaselines()['22']?.microsecondsPerRecord ?? {};
  expect(assumedMicroseconds / productWithTelemetry).toBeGreaterThan(0.8);
  expect(assumedMicroseconds / productWithTelemetry).toBeLessThan(1.25);
});
