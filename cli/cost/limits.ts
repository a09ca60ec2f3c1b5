/** What a service or the template allows, and where that is written. */
export interface Limit {
  readonly value: number;
  readonly what: string;
  readonly source: string;
  /** When the source was looked up. */
  readonly read: string;
}

const docs = 'https://learn.microsoft.com/azure';
const quotas = { source: `${docs}/event-hubs/event-hubs-quotas`, read: '2026-11-29' };
const scalability = { source: `${docs}/event-hubs/event-hubs-scalability`, read: '2026-11-29' };
const flex = { source: `${docs}/azure-functions/flex-consumption-plan`, read: '2026-11-29' };
const monitor = { source: `${docs}/azure-monitor/fundamentals/service-limits`, read: '2026-11-29' };
const dcr = { source: `${docs}/azure-monitor/data-collection/data-collection-monitor`, read: '2026-11-29' };
const template = { source: '../infra/main.bicep', read: '2026-11-29' };

export const limits = {
  throughputUnitMBps: { value: 1, what: 'MB/s into a throughput unit', ...scalability },
  throughputUnitEvents: { value: 1000, what: 'messages a second into a throughput unit', ...scalability },
  throughputUnits: { value: 40, what: 'throughput units of a Standard namespace', ...quotas },
  processingUnitMBps: {
    value: 5,
    what: 'MB/s into a processing unit; Microsoft says about 5 to 10, this page takes the least',
    ...scalability,
  },
  processingUnits: { value: 16, what: 'processing units of a Premium namespace', ...quotas },
  partitionMBps: { value: 1, what: 'MB/s into a partition, as the template assumes', ...template },
  ruleMBPerMinute: { value: 2000, what: 'MB a minute into a DCR', ...monitor },
  ruleRequestsPerMinute: { value: 12_000, what: 'requests a minute to a DCR', ...dcr },
  rules: { value: 10, what: 'DCRs of a deployment (`ruleCount`)', ...template },
  regionMemoryMB: {
    value: 512_000,
    what: 'MB of memory for all Flex Consumption instances of a subscription in a region; Microsoft raises it on request',
    ...flex,
  },
} as const satisfies Readonly<Record<string, Limit>>;

/** Sizes of a Premium namespace in processing units. */
export const processingUnitSizes = [1, 2, 4, 8, 16] as const;

/** Sizes of a Flex Consumption instance: MB and cores. Half of the cores are for the host, which was not measured, and for bursts. */
export const instanceSizes = [
  { memoryMB: 512, cores: 0.25 },
  { memoryMB: 2048, cores: 1 },
  { memoryMB: 4096, cores: 2 },
] as const;
export const shareOfCores = 0.5;
