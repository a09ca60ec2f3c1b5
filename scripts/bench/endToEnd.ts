import { join } from 'node:path';
import { build } from '../../cli/bundle';
import { rounded } from './cost';
import { RoleProcess } from './endToEndProcess';

export interface EndToEndTask {
  /** Of each of the three parts of the run. */
  readonly records: number;
  readonly seed: number;
  readonly partitions: number;
}

/** What `--e2e --json` prints: others read it by these names. */
export interface EndToEnd {
  readonly node: string;
  readonly records: number;
  readonly partitions: number;
  /** Sent as fast as possible while the app runs, until everything is stored. */
  readonly recordsPerSecond: number;
  /** Of the app's own process, in the same part. */
  readonly recordsPerCpuSecond: number;
  /** From the first batch of a backlog that was there before the app started. */
  readonly backlogRecordsPerSecond: number;
  readonly halfLoadRecordsPerSecond: number;
  /** From the sending of a message until its rows are stored, at half load. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

/**
 * Producer, Event Hubs, the host with the app in its worker process, and Logs Ingestion: each in a process of its own, on
 * 127.0.0.1, over the real protocols. Ends all of them, whatever happens.
 */
export async function measureEndToEnd(
  { records, seed, partitions }: EndToEndTask,
  directory: string,
  signal: AbortSignal,
): Promise<EndToEnd> {
  await build();
  const hub = new RoleProcess('hub', signal);
  const ingestion = new RoleProcess('ingestion', signal);
  const host = new RoleProcess('host', signal);
  const producer = new RoleProcess('producer', signal);
  try {
    const [source, settings] = await Promise.all([
      hub.call('start', { directory: join(directory, 'hub'), partitions }),
      ingestion.call('start', { directory: join(directory, 'ingestion') }),
    ]);
    const load = { ...source, seed, records, recordsPerSecond: Number.POSITIVE_INFINITY };

    console.error('1/3 a backlog');
    const backlog = await producer.call('publish', load);
    await host.call('start', { settings: { ...settings, EventHub: source.connectionString }, directory });
    const backlogSeconds = await host.call('drained');

    console.error('2/3 as much as possible');
    const before = await host.call('settled');
    const begin = performance.now();
    const most = await producer.call('publish', load);
    await host.call('drained');
    const recordsPerSecond = most / ((performance.now() - begin) / 1000);
    const after = await host.call('settled');

    console.error('3/3 half of that');
    await ingestion.call('latencies');
    const half = await producer.call('publish', { ...load, recordsPerSecond: recordsPerSecond / 2 });
    await host.call('drained');
    const latencies = await ingestion.call('latencies');

    const { received, duplicates, deadLettered } = await host.call('settled');
    const published = backlog + most + half;
    if (received !== published || duplicates + deadLettered > 0) {
      throw new Error(
        `The figures are worthless: of ${published} records the app received ${received}, among them ${duplicates} duplicates and ${deadLettered} dead letters; all of them should be new.`,
      );
    }
    return {
      node: process.version,
      records,
      partitions,
      recordsPerSecond: Math.round(recordsPerSecond),
      recordsPerCpuSecond: Math.round(most / (after.cpuSeconds - before.cpuSeconds)),
      backlogRecordsPerSecond: Math.round(backlog / backlogSeconds),
      halfLoadRecordsPerSecond: Math.round(recordsPerSecond / 2),
      latencyMs: percentiles(latencies),
    };
  } finally {
    await Promise.all([producer, host, ingestion, hub].map((each) => each.stop()));
  }
}

/** The smallest values that at least so many per cent of all values do not exceed. */
export function percentiles(values: readonly number[]): EndToEnd['latencyMs'] {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => rounded(sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN, 1);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
