/**
 * An Event Hubs emulator. It speaks AMQP 1.0 on a loopback port, so that unmodified Azure SDK clients work with it, and it
 * behaves like the service, including where that is inconvenient. Events are in memory unless a directory is given.
 */
import { FaultPlan } from '../injectedFaults';
import { type Broker, type Counters, newCounters } from './broker';
import type { SharedAccessPolicy } from './cbs';
import type { EventHubsFault, EventHubsFaults } from './eventHubsFaults';
import type { EventHubsOptions } from './eventHubsOptions';
import type { Hub } from './hubs';
import { openHubs } from './openHubs';
import { serve } from './server';

export type { TokenGrant } from '../identity/tokens';
export type { FaultTiming, InjectedFault } from '../injectedFaults';
export type { Claim } from './amqpFailures';
export type { Counters } from './broker';
export type { SharedAccessPolicy } from './cbs';
export type { EntraOptions } from './entra';
export type { EventHubsFault, EventHubsFaults } from './eventHubsFaults';
export type { EventHubsOptions, HubOptions, TlsOptions } from './eventHubsOptions';

export interface PartitionStatistics {
  readonly id: string;
  /** Number of stored events. */
  readonly count: number;
  /** Sequence number of the first kept event, or of the next event if none is kept. */
  readonly firstSequenceNumber: number;
  /** Sequence number of the last event that was ever stored, even if it has expired; -1 if there was none. */
  readonly lastSequenceNumber: number;
  /** Size of the kept events as they were sent. */
  readonly bytes: number;
}

export interface Statistics {
  /** The partitions in order, by hub name. */
  readonly hubs: Readonly<Record<string, readonly PartitionStatistics[]>>;
  /** Receivers connected now, over all hubs, partitions and groups. */
  readonly receivers: number;
  readonly counters: Readonly<Counters>;
}

export interface EventHubsEmulator {
  readonly port: number;
  /** The connection string for the Azure SDKs, with the hub as EntityPath if one is given. The first policy is the default. */
  connectionString(hub?: string, policy?: string): string;
  /** `localhost:PORT`, the namespace for clients that sign in by identity; undefined without TLS. */
  readonly fullyQualifiedNamespace: string | undefined;
  readonly faults: EventHubsFaults;
  /** Describes what is stored, with counts since the start. */
  statistics(): Statistics;
  /** Ends all connections and closes the files. */
  stop(): Promise<void>;
}

const defaultPolicy: SharedAccessPolicy = {
  name: 'RootManageSharedAccessKey',
  key: 'emulator-key-of-no-value',
  claims: ['Manage', 'Send', 'Listen'],
};

/**
 * Starts an emulator on 127.0.0.1.
 * @throws RangeError for options that make no sense; an error with code EADDRINUSE if the port is in use; an error if
 * another process uses the directory or a file in it is damaged
 */
export async function startEventHubs(options: EventHubsOptions): Promise<EventHubsEmulator> {
  checkOptions(options);
  const now = options.now ?? Date.now;
  const writeLine = options.log ?? writeToStandardError;
  const policies = options.policies ?? [defaultPolicy];
  const faults = new FaultPlan<EventHubsFault>();
  const { hubs, close } = openHubs({ ...options, now, log: writeLine });
  const broker: Broker = {
    hubs: new Map(hubs.map((hub) => [hub.name.toLowerCase(), hub])),
    policies,
    entra: options.tls,
    grants: new WeakMap(),
    faults,
    counters: newCounters(),
    maxMessageSize: options.maxMessageSize ?? 1_048_576,
    now,
    log: writeLine,
  };
  const endpoints = [{ port: options.port ?? 0 }, ...(options.tls ? [{ port: 0, ...options.tls }] : [])];
  const listeners = await serve(broker, endpoints).catch((error: unknown) => {
    close();
    throw error;
  });
  const [port = 0, tlsPort] = listeners.map((listener) => listener.port);
  return {
    port,
    connectionString: (hub, policy) => connectionString(port, policies, hub, policy),
    // Not 127.0.0.1: Node warns of an address as a TLS server name.
    fullyQualifiedNamespace: tlsPort === undefined ? undefined : `localhost:${tlsPort}`,
    faults,
    statistics: () => ({
      hubs: Object.fromEntries(hubs.map(describeHub)),
      receivers: hubs
        .flatMap(({ partitions }) => partitions)
        .reduce((sum, { receiverCount }) => sum + receiverCount, 0),
      counters: { ...broker.counters },
    }),
    stop: async () => {
      await Promise.all(listeners.map((listener) => listener.close()));
      close();
    },
  };
}

function writeToStandardError(line: string): void {
  process.stderr.write(`Event Hubs emulator: ${line}\n`);
}

function describeHub({ name, partitions }: Hub): [string, PartitionStatistics[]] {
  const described = partitions.map(({ id, log }) => {
    log.expire();
    const { count, firstSequenceNumber, lastSequenceNumber, bytes } = log;
    return { id, count, firstSequenceNumber, lastSequenceNumber, bytes };
  });
  return [name, described];
}

function connectionString(
  port: number,
  policies: readonly SharedAccessPolicy[],
  hub: string | undefined,
  policyName: string | undefined,
): string {
  const policy = policyName === undefined ? policies[0] : policies.find(({ name }) => name === policyName);
  if (!policy) throw new RangeError(`There is no shared access policy '${policyName}'.`);
  const parts = [
    `Endpoint=sb://127.0.0.1:${port}`,
    `SharedAccessKeyName=${policy.name}`,
    `SharedAccessKey=${policy.key}`,
    'UseDevelopmentEmulator=true',
    ...(hub === undefined ? [] : [`EntityPath=${hub}`]),
  ];
  return parts.join(';');
}

function checkOptions({ hubs, policies, ...numbers }: EventHubsOptions): void {
  const names = new Set<string>();
  for (const { name, partitions } of hubs) {
    if (!/^[a-z0-9][a-z0-9._-]{0,255}$/i.test(name)) throw new RangeError(`Event hub name '${name}' is not valid.`);
    if (names.has(name.toLowerCase())) throw new RangeError(`Event hub '${name}' is named twice.`);
    if (!Number.isInteger(partitions) || partitions < 1 || partitions > 32) {
      throw new RangeError(`Event hub '${name}' has ${partitions} partitions; 1 to 32 are possible.`);
    }
    names.add(name.toLowerCase());
  }
  if (policies?.length === 0) throw new RangeError('At least one shared access policy is needed.');
  for (const option of ['retentionMs', 'retentionBytes', 'maxMessageSize'] as const) {
    const value = numbers[option];
    if (value !== undefined && !(value > 0)) throw new RangeError(`${option} is ${value}; it must be above 0.`);
  }
}
