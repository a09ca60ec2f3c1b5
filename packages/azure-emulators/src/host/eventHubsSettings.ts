import { type Fields, isFields } from '../fields';
import { HostError, show } from './checks';
import { parseTimeSpan } from './timeSpan';

/** `extensions.eventHubs` of host.json; times in milliseconds. */
export interface EventHubsSettings {
  readonly maxEventBatchSize: number;
  /** Above 1 the platform holds back smaller batches for a while. This host does not. */
  readonly minEventBatchSize: number;
  readonly batchCheckpointFrequency: number;
  readonly prefetchCount: number;
  readonly loadBalancingUpdateMs: number;
  readonly ownershipExpirationMs: number;
  readonly start: StartPosition;
}

/** Where a partition without a checkpoint is read from. */
export type StartPosition =
  | { readonly type: 'start' }
  | { readonly type: 'end' }
  | { readonly type: 'time'; readonly enqueuedUtc: Date };

type Setting =
  | { readonly kind: 'integer'; readonly default: number; readonly least: number }
  | { readonly kind: 'time'; readonly default: number; readonly most: number }
  | { readonly kind: 'ignored' };

const oneDay = 24 * 60 * 60_000;

/**
 * Names, defaults and bounds of EventHubOptions.cs (Azure/azure-sdk-for-net, WebJobs Event Hubs extension). Two
 * defaults differ on purpose: the platform balances every 30 s and lets an ownership expire after 2 min, which would
 * make a laptop wait.
 */
const settingBounds = {
  maxEventBatchSize: { kind: 'integer', default: 100, least: 1 },
  minEventBatchSize: { kind: 'integer', default: 1, least: 1 },
  maxWaitTime: { kind: 'ignored' },
  batchCheckpointFrequency: { kind: 'integer', default: 1, least: 1 },
  prefetchCount: { kind: 'integer', default: 300, least: 0 },
  loadBalancingUpdateInterval: { kind: 'time', default: 1000, most: oneDay },
  partitionOwnershipExpirationInterval: { kind: 'time', default: 10_000, most: oneDay },
  initialOffsetOptions: { kind: 'ignored' },
  transportType: { kind: 'ignored' },
  targetUnprocessedEventThreshold: { kind: 'ignored' },
  trackLastEnqueuedEventProperties: { kind: 'ignored' },
  prefetchSizeInBytes: { kind: 'ignored' },
  clientRetryOptions: { kind: 'ignored' },
  customEndpointAddress: { kind: 'ignored' },
  webProxy: { kind: 'ignored' },
} as const satisfies Record<string, Setting>;

type NumberSetting = {
  [Name in keyof typeof settingBounds]: (typeof settingBounds)[Name]['kind'] extends 'ignored' ? never : Name;
}[keyof typeof settingBounds];

/** @throws HostError naming the setting, its value and what is allowed. */
export function readEventHubsSettings(
  section: unknown,
  path: string,
): { settings: EventHubsSettings; unknown: string[] } {
  if (!isFields(section)) {
    throw new HostError(`${path}: "extensions.eventHubs" must be an object, not ${show(section)}.`);
  }
  const number = (name: NumberSetting) => readNumber(section, name, path);
  const settings: EventHubsSettings = {
    maxEventBatchSize: number('maxEventBatchSize'),
    minEventBatchSize: number('minEventBatchSize'),
    batchCheckpointFrequency: number('batchCheckpointFrequency'),
    prefetchCount: number('prefetchCount'),
    loadBalancingUpdateMs: number('loadBalancingUpdateInterval'),
    ownershipExpirationMs: number('partitionOwnershipExpirationInterval'),
    start: readStart(section['initialOffsetOptions'], path),
  };
  if (settings.minEventBatchSize > settings.maxEventBatchSize) {
    throw new HostError(
      `${path}: "extensions.eventHubs.minEventBatchSize" (${settings.minEventBatchSize}) is above "maxEventBatchSize" (${settings.maxEventBatchSize}).`,
    );
  }
  checkTransport(section['transportType'], path);
  const unknown = Object.keys(section).filter((name) => !Object.hasOwn(settingBounds, name));
  return { settings, unknown: unknown.map((name) => `extensions.eventHubs.${name}`) };
}

function readNumber(section: Fields, name: NumberSetting, path: string): number {
  const setting = settingBounds[name];
  const value = section[name];
  if (value === undefined) return setting.default;
  if (setting.kind === 'time') {
    const milliseconds = typeof value === 'string' ? parseTimeSpan(value) : undefined;
    if (milliseconds === undefined || milliseconds < 0 || milliseconds > setting.most) {
      throw new HostError(
        `${path}: "extensions.eventHubs.${name}" must be a time (hh:mm:ss) of at most ${setting.most / 60_000} minutes, not ${show(value)}.`,
      );
    }
    return milliseconds;
  }
  const count = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < setting.least) {
    throw new HostError(
      `${path}: "extensions.eventHubs.${name}" must be a whole number of at least ${setting.least}, not ${show(value)}.`,
    );
  }
  return count;
}

function readStart(options: unknown, path: string): StartPosition {
  if (options === undefined) return { type: 'start' };
  const type = isFields(options) && typeof options['type'] === 'string' ? options['type'].toLowerCase() : options;
  if (type === 'fromstart') return { type: 'start' };
  if (type === 'fromend') return { type: 'end' };
  if (type === 'fromenqueuedtime' && isFields(options)) {
    const text = options['enqueuedTimeUtc'];
    // A time without a zone is UTC here, as the setting's name says.
    const zoned = typeof text === 'string' && !/(Z|[+-]\d\d:?\d\d)$/i.test(text) ? `${text}Z` : text;
    const enqueuedUtc = new Date(typeof zoned === 'string' ? zoned : Number.NaN);
    if (Number.isNaN(enqueuedUtc.getTime())) {
      throw new HostError(
        `${path}: "extensions.eventHubs.initialOffsetOptions.enqueuedTimeUtc" must be a time such as "2026-11-21T08:15:00Z", not ${show(text)}.`,
      );
    }
    return { type: 'time', enqueuedUtc };
  }
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
