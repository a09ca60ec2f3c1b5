import { type Fields, isFields } from '../fields';
import { HostError, show } from './hostError';
import { parseTimeSpan } from './hostTimeSpan';

/** `extensions.eventHubs` of host.json; times in milliseconds. */
export interface EventHubsSettings {
  readonly maxEventBatchSize: number;
  readonly minEventBatchSize: number;
  readonly batchCheckpointFrequency: number;
  readonly prefetchCount: number;
  readonly loadBalancingUpdateMs: number;
  readonly ownershipExpirationMs: number;
  /** Where the host starts to read a partition that has no checkpoint. */
  readonly start: { readonly type: 'start' | 'end' | 'time' };
  /** Settings that ask for what the platform does and this host does not. */
  readonly notServed: readonly string[];
}

const oneDay = 24 * 60 * 60_000;

/**
 * Names, defaults and bounds of EventHubOptions.cs (Azure/azure-sdk-for-net, WebJobs Event Hubs extension). Two
 * defaults differ on purpose: the platform balances every 30 s and lets an ownership expire after 2 min, which is slow on
 * a laptop.
 */
const numbers = {
  maxEventBatchSize: { default: 100, least: 1 },
  minEventBatchSize: { default: 1, least: 1 },
  batchCheckpointFrequency: { default: 1, least: 1 },
  prefetchCount: { default: 300, least: 0 },
} as const;
const times = {
  loadBalancingUpdateInterval: { default: 1000, most: oneDay },
  partitionOwnershipExpirationInterval: { default: 10_000, most: oneDay },
} as const;
const others = new Set(
  (
    'initialOffsetOptions transportType maxWaitTime targetUnprocessedEventThreshold trackLastEnqueuedEventProperties ' +
    'prefetchSizeInBytes clientRetryOptions customEndpointAddress webProxy'
  ).split(' '),
);

/** @throws HostError naming the setting, its value and what is allowed. */
export function readEventHubsSettings(
  section: unknown,
  path: string,
): { settings: EventHubsSettings; unknown: string[] } {
  if (!isFields(section)) {
    throw new HostError(`${path}: "extensions.eventHubs" must be an object, not ${show(section)}.`);
  }
  const number = (name: keyof typeof numbers) => readNumber(section, name, path);
  const settings = {
    maxEventBatchSize: number('maxEventBatchSize'),
    minEventBatchSize: number('minEventBatchSize'),
    batchCheckpointFrequency: number('batchCheckpointFrequency'),
    prefetchCount: number('prefetchCount'),
    loadBalancingUpdateMs: readTime(section, 'loadBalancingUpdateInterval', path),
    ownershipExpirationMs: readTime(section, 'partitionOwnershipExpirationInterval', path),
    start: readStart(section['initialOffsetOptions'], path),
  };
  if (settings.minEventBatchSize > settings.maxEventBatchSize) {
    throw new HostError(
      `${path}: "extensions.eventHubs.minEventBatchSize" (${settings.minEventBatchSize}) is above "maxEventBatchSize" (${settings.maxEventBatchSize}).`,
    );
  }
  checkTransport(section['transportType'], path);
  const unknown = Object.keys(section).filter((name) => !(name in numbers || name in times || others.has(name)));
  const notServed = [
    ...(settings.minEventBatchSize > 1 ? ['minEventBatchSize'] : []),
    ...(settings.batchCheckpointFrequency > 1 ? ['batchCheckpointFrequency'] : []),
    ...(settings.start.type === 'start' ? [] : ['initialOffsetOptions']),
  ];
  return { settings: { ...settings, notServed }, unknown: unknown.map((name) => `extensions.eventHubs.${name}`) };
}

function readNumber(section: Fields, name: keyof typeof numbers, path: string): number {
  const { default: usual, least } = numbers[name];
  const value = section[name] === undefined ? usual : section[name];
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isInteger(count) && count >= least) return count;
  throw new HostError(
    `${path}: "extensions.eventHubs.${name}" must be a whole number of at least ${least}, not ${show(value)}.`,
  );
}

function readTime(section: Fields, name: keyof typeof times, path: string): number {
  const { default: usual, most } = times[name];
  const value = section[name];
  if (value === undefined) return usual;
  const milliseconds = typeof value === 'string' ? parseTimeSpan(value) : undefined;
  if (milliseconds !== undefined && milliseconds >= 0 && milliseconds <= most) return milliseconds;
  throw new HostError(
    `${path}: "extensions.eventHubs.${name}" must be a time (hh:mm:ss) of at most ${most / 60_000} minutes, not ${show(value)}.`,
  );
}

function readStart(options: unknown, path: string): EventHubsSettings['start'] {
  if (options === undefined) return { type: 'start' };
  const type = isFields(options) && typeof options['type'] === 'string' ? options['type'].toLowerCase() : options;
  if (type === 'fromstart') return { type: 'start' };
  if (type === 'fromend') return { type: 'end' };
  if (type === 'fromenqueuedtime') return { type: 'time' };
  throw new HostError(
    `${path}: "extensions.eventHubs.initialOffsetOptions.type" must be fromStart, fromEnd or fromEnqueuedTime, not ${show(type)}.`,
  );
}

function checkTransport(value: unknown, path: string): void {
  const known = ['amqptcp', 'amqpwebsockets'];
  if (value !== undefined && !(typeof value === 'string' && known.includes(value.toLowerCase()))) {
    throw new HostError(
      `${path}: "extensions.eventHubs.transportType" must be amqpTcp or amqpWebSockets, not ${show(value)}.`,
    );
  }
}
