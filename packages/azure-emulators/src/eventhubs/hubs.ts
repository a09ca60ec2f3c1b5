/** Event hubs, their partitions and consumer groups, and the addresses that name them. */
import { ProducerRegistry } from './idempotency';
import { partitionOfKey } from './partitionKeys';
import type { PartitionLog } from './partitionLog';
import { ReceiverRegistry } from './receivers';

export class Partition {
  readonly producers = new ProducerRegistry();
  readonly #receivers = new Map<string, ReceiverRegistry>();

  constructor(
    readonly id: string,
    readonly log: PartitionLog,
  ) {}

  /** Receivers connected now, over all groups. */
  get receiverCount(): number {
    return [...this.#receivers.values()].reduce((sum, registry) => sum + registry.size, 0);
  }

  receivers(consumerGroup: string): ReceiverRegistry {
    const group = consumerGroup.toLowerCase();
    const registry = this.#receivers.get(group) ?? new ReceiverRegistry();
    this.#receivers.set(group, registry);
    return registry;
  }
}

export class Hub {
  readonly #groups: ReadonlySet<string>;
  #turn = 0;

  constructor(
    readonly name: string,
    readonly partitions: readonly Partition[],
    consumerGroups: readonly string[],
    readonly createdAt: number,
  ) {
    this.#groups = new Set(['$default', ...consumerGroups.map((group) => group.toLowerCase())]);
  }

  hasGroup(name: string): boolean {
    return this.#groups.has(name.toLowerCase());
  }

  partition(id: string): Partition | undefined {
    return this.partitions.find((partition) => partition.id === id);
  }

  /** The partition of a key; without a key, each partition in turn. */
  partitionFor(key: string | undefined): Partition | undefined {
    const index = key === undefined ? this.#turn++ : partitionOfKey(key, this.partitions.length);
    return this.partitions[index % this.partitions.length];
  }
}

/** What a link address names: `hub`, `hub/Partitions/0` or `hub/ConsumerGroups/group/Partitions/0`. */
export interface Address {
  readonly hub: string;
  readonly consumerGroup: string | undefined;
  readonly partition: string | undefined;
}

const addressPattern = /^([^/]+)(?:\/ConsumerGroups\/([^/]+))?(?:\/Partitions\/([^/]+))?$/i;

/** Reads an address in any form that `pathOf` reads. Undefined if it names no hub. */
export function parseAddress(address: string): Address | undefined {
  const [, hub, consumerGroup, partition] = addressPattern.exec(pathOf(address)) ?? [];
  return hub === undefined ? undefined : { hub, consumerGroup, partition };
}

/**
 * The path of an address or of a token's audience, e.g. `hub/Partitions/0`. JavaScript clients send it as it is, .NET clients
 * with a slash in front, others with `amqps://host/`.
 */
export function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\/+|\/$/g, '');
}
