import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { pricesWith } from '../../cli/cost/prices';
import { largestHub, mostPartitions, planFor } from '../../cli/cost/scalePlan';
import { root } from '../programs';

const measured = {
  bytesPerRecord: 2000,
  bytesPerRow: 1500,
  billedBytesPerRow: 1000,
  rowsPerRecord: 1,
  recordsPerMessage: 250,
  microsecondsPerRecord: 100,
};
const prices = pricesWith({
  throughputUnit: 0.03,
  ingressMillion: 0.028,
  processingUnit: 1,
  gbSecond: 0.000026,
  executionMillion: 0.4,
  analytics: 2.3,
  basic: 0.5,
  retention: 0.1,
  longTerm: 0.02,
});
const analytics = { plan: 'Analytics', days: 90 } as const;

test('10,000 records a second fit into one Standard namespace; every figure was computed by hand', () => {
  const plan = planFor(10_000, measured, prices, analytics);
  expect(plan).toMatchObject({
    recordsPerSecond: 10_000,
    megabytesPerSecond: 20,
    // 10,000 x 1,000 billed bytes x 2,628,000 seconds
    gbPerMonth: 26_280,
    deployments: 1,
    hubs: 1,
    // Room for 40 MB/s; the memory rule allows 25.
    partitions: 25,
    throughputUnits: 20,
    processingUnits: 0,
    // 1 core of CPU time, and half of two cores is for the app.
    instances: 1,
    // 0.9 GB and 3,300 requests a minute
    rules: 1,
    parameters: {
      sourceHubs: [{ partitions: 25 }],
      eventHubsSku: 'Standard',
      capacityUnits: 20,
      maximumThroughputUnits: 40,
      instanceMemoryMB: 4096,
      maximumInstanceCount: 40,
      ruleCount: 1,
    },
  });
  const { eventHubs, functions, ingestion, retention, total } = plan.costPerMonth;
  // 20 x 730 x 0.03, and 105.12 million messages of eight units of 64 KB each
  expect(eventHubs).toBeCloseTo(438 + 23.54688, 6);
  // 4 GB x 2,628,000 s x 0.000026, and 105.12 million executions
  expect(functions).toBeCloseTo(273.312 + 42.048, 6);
  expect(ingestion).toBeCloseTo(60_444, 6);
  // 59 days of 30.41667, each GB 0.1
  expect(retention).toBeCloseTo(5097.6, 6);
  expect(total).toBeCloseTo(66_318.50688, 6);
});

test('100,000 records a second need three Premium namespaces; every figure was computed by hand', () => {
  const plan = planFor(100_000, measured, prices, { plan: 'Basic', days: 30 });
  expect(plan).toMatchObject({
    // 200 MB/s, and 80 is the most of a namespace
    deployments: 3,
    // 66.7 MB/s each, 25 MB/s in a hub
    hubs: 9,
    partitions: 225,
    throughputUnits: 0,
    // 13.3 of 5 MB/s each, rounded up to a size that can be bought
    processingUnits: 48,
    // 1.11 cores a hub
    instances: 18,
    // 3 GB a minute each
    rules: 6,
    parameters: { eventHubsSku: 'Premium', capacityUnits: 16, maximumThroughputUnits: 0, maximumInstanceCount: 75 },
  });
  // 3 x 16 x 730 x 1
  expect(plan.costPerMonth.eventHubs).toBeCloseTo(35_040, 6);
  // 262,800 GB x 0.5, kept no longer than ingestion pays for
  expect(plan.costPerMonth).toMatchObject({ ingestion: 131_400, retention: 0 });
});

test('an instance holds as many partitions as docs/host.md says', () => {
  expect([mostPartitions(2048), mostPartitions(4096), largestHub]).toEqual([12, 25, 25]);
});

const rates = fc.integer({ min: 1, max: 2_000_000 });
const anyMeasured = fc.record({
  bytesPerRecord: fc.integer({ min: 500, max: 5000 }),
  bytesPerRow: fc.integer({ min: 500, max: 4000 }),
  billedBytesPerRow: fc.integer({ min: 300, max: 4000 }),
  rowsPerRecord: fc.double({ min: 0.1, max: 1, noNaN: true }),
  recordsPerMessage: fc.integer({ min: 50, max: 400 }),
  microsecondsPerRecord: fc.integer({ min: 10, max: 400 }),
});

test('more records never need or cost less; with another deployment, its parts may fit better', () => {
  fc.assert(
    fc.property(rates, rates, anyMeasured, (one, other, figures) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)].map((rate) =>
        planFor(rate, figures, prices, analytics),
      );
      if (less === undefined || more === undefined) throw new Error('There are two plans.');
      expect(more.megabytesPerSecond).toBeGreaterThanOrEqual(less.megabytesPerSecond);
      expect(more.gbPerMonth).toBeGreaterThanOrEqual(less.gbPerMonth);
      expect(more.deployments).toBeGreaterThanOrEqual(less.deployments);
      expect(more.costPerMonth.ingestion).toBeGreaterThanOrEqual(less.costPerMonth.ingestion);
      fc.pre(more.deployments === less.deployments);
      for (const name of ['hubs', 'partitions', 'rules'] as const) {
        expect(more[name]).toBeGreaterThanOrEqual(less[name]);
      }
      expect(more.costPerMonth.eventHubs).toBeGreaterThanOrEqual(less.costPerMonth.eventHubs);
    }),
  );
});

test('the template accepts the parameters of every plan, and they are enough for the load', () => {
  fc.assert(
    fc.property(rates, anyMeasured, (rate, figures) => {
      const { deployments, instances, megabytesPerSecond, parameters, partitions } = planFor(
        rate,
        figures,
        prices,
        analytics,
      );
      const { capacityUnits, eventHubsSku, instanceMemoryMB, maximumInstanceCount, ruleCount, sourceHubs } = parameters;
      const each = sourceHubs[0]?.partitions ?? 0;
      expect(sourceHubs.length).toBeLessThanOrEqual(9);
      expect(each).toBeLessThanOrEqual(32);
      // The memory rule of the template: 48 MB in the host and 72 MB in the worker for each partition, and 160 MB.
      expect(each * (48 + 72) + 160).toBeLessThanOrEqual(0.8 * instanceMemoryMB);
      expect(ruleCount).toBeGreaterThanOrEqual(1);
      expect(ruleCount).toBeLessThanOrEqual(10);
      expect(maximumInstanceCount).toBeGreaterThanOrEqual(40);
      expect(maximumInstanceCount).toBeLessThanOrEqual(1000);
      expect(instances).toBeLessThanOrEqual(partitions);
      const unit = eventHubsSku === 'Standard' ? 1 : 5;
      expect(deployments * capacityUnits * unit).toBeGreaterThanOrEqual(megabytesPerSecond * (1 - 1e-9));
      expect(eventHubsSku === 'Standard' ? capacityUnits <= 40 : [1, 2, 4, 8, 16].includes(capacityUnits)).toBe(true);
      expect(partitions).toBeGreaterThanOrEqual(megabytesPerSecond * (1 - 1e-9));
    }),
  );
});

describe('npm run scale', () => {
  const command = ['-r', './cli/supported.cjs', '--import', 'tsx', 'scripts/scale.ts'];
  const scale = (...args: string[]) => promisify(execFile)(process.execPath, [...command, ...args], { cwd: root });

  test('takes other rates and prices, and shows them in lines of at most 80 characters', async () => {
    const { stdout } = await scale(
      '--records',
      '2000',
      '--plan',
      'Basic',
      '--price',
      'basic=0',
      '--days',
      '10',
      '--json',
    );
    const lines = stdout.trimEnd().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      region: 'East US',
      currency: 'USD',
      plans: [{ recordsPerSecond: 2000, costPerMonth: { ingestion: 0, retention: 0 } }],
    });
    expect(lines[0]).toBe('2,000 records a second');
    expect(Math.max(...lines.slice(0, -1).map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test.each([
    ['--price', 'gold=1'],
    ['--price', 'analytics'],
    ['--price', 'analytics=-1'],
    ['--plan', 'basic'],
    ['--records', '0'],
    ['--days', 'many'],
  ])('refuses %s %s and says what it expects', async (option, value) => {
    await expect(scale(`${option}=${value}`)).rejects.toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(new RegExp(`^${option}: expected .*found "${value}"`)) as unknown,
    });
  });
});
