import hostJson from '../../host.json';
import worker from '../../infra/workerMemory.json';
import { instanceSizes, limits, processingUnitSizes, shareOfCores } from './limits';
import type { Prices } from './prices';
import { hoursAMonth, type Table, tableCost } from './tablePlans';

/** What a record costs, as `npm run bench` measured it. */
export interface Measured {
  readonly bytesPerRecord: number;
  /** As JSON. */
  readonly bytesPerRow: number;
  readonly billedBytesPerRow: number;
  readonly rowsPerRecord: number;
  readonly recordsPerMessage: number;
  /** CPU time of the app. */
  readonly microsecondsPerRecord: number;
}

/** USD a month. */
export interface Costs {
  readonly eventHubs: number;
  readonly functions: number;
  readonly ingestion: number;
  readonly retention: number;
  readonly total: number;
}

/** What all deployments together need and cost, and the template's parameters for each of them. */
export interface Plan {
  readonly recordsPerSecond: number;
  readonly megabytesPerSecond: number;
  /** Billed. */
  readonly gbPerMonth: number;
  readonly deployments: number;
  readonly hubs: number;
  readonly partitions: number;
  readonly throughputUnits: number;
  readonly processingUnits: number;
  readonly instances: number;
  readonly rules: number;
  readonly costPerMonth: Costs;
  readonly parameters: {
    /** One for each source hub. */
    readonly sourceHubs: readonly { readonly partitions: number }[];
    readonly eventHubsSku: 'Standard' | 'Premium';
    readonly capacityUnits: number;
    readonly maximumThroughputUnits: number;
    readonly instanceMemoryMB: number;
    readonly maximumInstanceCount: number;
    readonly ruleCount: number;
  };
}

const secondsAMonth = hoursAMonth * 3600;
export const leastPartitions = 4;
/** Partitions of a Standard hub can never be changed, so it begins with room for twice the load. */
const partitionRoom = 2;
const ingressUnitBytes = 65_536;
/** The app's largest request. */
const chunkMB = 1;

const { maxEventBatchSize, prefetchCount } = hostJson.extensions.eventHubs;

/** The most partitions of a hub that an instance of this size can hold: the memory rule of docs/host.md. */
export function mostPartitions(memoryMB: number): number {
  return Math.floor((0.8 * memoryMB - worker.baseMB) / (maxEventBatchSize + prefetchCount + worker.partitionMB));
}

/** Partitions of the largest hub that the memory rule allows at all. */
export const largestHub = Math.max(...instanceSizes.map(({ memoryMB }) => mostPartitions(memoryMB)));

/** MB/s that a namespace takes. */
export const namespaceMBps = {
  Standard: limits.throughputUnits.value * limits.throughputUnitMBps.value,
  Premium: limits.processingUnits.value * limits.processingUnitMBps.value,
};

/** Rows of a record, in bytes. */
export function storedBytes({ rowsPerRecord, bytesPerRow }: Measured): number {
  return rowsPerRecord * bytesPerRow;
}

/** Requests to DCRs for a record at most: each message may be a batch of its own, and its last request half empty. */
export function requestsPerRecord(measured: Measured): number {
  return 1 / measured.recordsPerMessage + storedBytes(measured) / (chunkMB * 1e6);
}

/** DCRs that a record a second needs, by bytes or by requests. */
function rulesPerRecord(measured: Measured): number {
  const { ruleMBPerMinute, ruleRequestsPerMinute } = limits;
  const bytes = (60 * storedBytes(measured)) / (ruleMBPerMinute.value * 1e6);
  return Math.max(bytes, (60 * requestsPerRecord(measured)) / ruleRequestsPerMinute.value);
}

/**
 * @param recordsPerSecond in the busiest hour, which decides what is needed.
 * @param busyHours how many times busier it is than the average hour, which decides how much is sent and stored. Instances count
 * as running all the time.
 */
export function planFor(
  recordsPerSecond: number,
  measured: Measured,
  prices: Prices,
  table: Table,
  busyHours = 1,
): Plan {
  const megabytesPerSecond = (recordsPerSecond * measured.bytesPerRecord) / 1e6;
  const eventHubsSku = megabytesPerSecond <= namespaceMBps.Standard ? 'Standard' : 'Premium';
  const deployments = Math.ceil(
    Math.max(
      megabytesPerSecond / namespaceMBps[eventHubsSku],
      (recordsPerSecond * rulesPerRecord(measured)) / limits.rules.value,
    ),
  );
  const [records, megabytes] = [recordsPerSecond / deployments, megabytesPerSecond / deployments];
  const messages = records / measured.recordsPerMessage;

  const capacityUnits = eventHubsSku === 'Standard' ? throughputUnits(megabytes, messages) : processingUnits(megabytes);
  const hubs = Math.ceil(megabytes / (largestHub * limits.partitionMBps.value));
  const roomy = Math.ceil((partitionRoom * megabytes) / hubs / limits.partitionMBps.value);
  const partitions = Math.min(largestHub, Math.max(leastPartitions, roomy));
  const size = instanceSizes.find(({ memoryMB }) => mostPartitions(memoryMB) >= partitions) ?? instanceSizes[2];
  // Every hub has instances of its own.
  const cpuSeconds = (records / hubs) * measured.microsecondsPerRecord * 1e-6;
  const instances = hubs * Math.ceil(cpuSeconds / (shareOfCores * size.cores));
  const ruleCount = Math.ceil(records * rulesPerRecord(measured));

  const recordsAMonth = (recordsPerSecond / busyHours) * secondsAMonth;
  const rows = recordsAMonth * measured.rowsPerRecord;
  const stored = tableCost({ rows, bytes: rows * measured.billedBytesPerRow }, prices, table);
  const millionMessages = recordsAMonth / measured.recordsPerMessage / 1e6;
  const ingressUnits = Math.ceil((measured.recordsPerMessage * measured.bytesPerRecord) / ingressUnitBytes);
  const costs = {
    eventHubs:
      eventHubsSku === 'Standard'
        ? deployments * capacityUnits * hoursAMonth * prices.throughputUnit +
          millionMessages * ingressUnits * prices.ingressMillion
        : deployments * capacityUnits * hoursAMonth * prices.processingUnit,
    functions:
      deployments * instances * (size.memoryMB / 1024) * secondsAMonth * prices.gbSecond +
      millionMessages * prices.executionMillion,
    ingestion: stored.ingestion,
    retention: stored.retention,
  };
  return {
    recordsPerSecond,
    megabytesPerSecond,
    gbPerMonth: stored.gb,
    deployments,
    hubs: deployments * hubs,
    partitions: deployments * hubs * partitions,
    throughputUnits: eventHubsSku === 'Standard' ? deployments * capacityUnits : 0,
    processingUnits: eventHubsSku === 'Premium' ? deployments * capacityUnits : 0,
    instances: deployments * instances,
    rules: deployments * ruleCount,
    costPerMonth: { ...costs, total: Object.values(costs).reduce((sum, cost) => sum + cost, 0) },
    parameters: {
      sourceHubs: Array.from({ length: hubs }, () => ({ partitions })),
      eventHubsSku,
      capacityUnits,
      maximumThroughputUnits:
        eventHubsSku === 'Standard' ? Math.min(Math.max(10, 2 * capacityUnits), limits.throughputUnits.value) : 0,
      instanceMemoryMB: size.memoryMB,
      // The template's least value is 40; more instances than partitions are never used.
      maximumInstanceCount: Math.max(40, hubs * partitions),
      ruleCount,
    },
  };
}

function throughputUnits(megabytes: number, messages: number): number {
  return Math.ceil(Math.max(megabytes / limits.throughputUnitMBps.value, messages / limits.throughputUnitEvents.value));
}

function processingUnits(megabytes: number): number {
  const needed = megabytes / limits.processingUnitMBps.value;
  return processingUnitSizes.find((size) => size >= needed) ?? limits.processingUnits.value;
}
