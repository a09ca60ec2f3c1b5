/** What the parts of a running emulator share. */

import type { FaultPlan } from '../injectedFaults';
import type { Grant, SharedAccessPolicy } from './cbs';
import type { EntraOptions } from './entra';
import type { EventHubsFault } from './eventHubsFaults';
import { type Address, type Hub, parseAddress } from './hubs';
import type { Peer } from './peer';

/** Counts since the start, for assertions and summaries. */
export function newCounters() {
  return {
    connections: 0,
    messagesReceived: 0,
    eventsStored: 0,
    eventsDelivered: 0,
    /** Events of idempotent producers that were stored already. */
    eventsDeduplicated: 0,
  };
}

export type Counters = ReturnType<typeof newCounters>;

export interface Broker {
  /** The hubs by name in lower case. */
  readonly hubs: ReadonlyMap<string, Hub>;
  readonly policies: readonly SharedAccessPolicy[];
  /** Who may sign in by identity; undefined if nobody may. */
  readonly entra: EntraOptions | undefined;
  /** What each client's tokens allow, by path. */
  readonly grants: WeakMap<Peer, Map<string, Grant>>;
  readonly faults: FaultPlan<EventHubsFault>;
  readonly counters: Counters;
  readonly maxMessageSize: number;
  /** Milliseconds since 1970. */
  now(): number;
  /** One line for the operator. */
  log(line: string): void;
}

export function findHub(broker: Broker, name: string): Hub | undefined {
  return broker.hubs.get(name.toLowerCase());
}

/** The hub that a link's address names, and the parts of the address. */
export function resolveAddress(broker: Broker, address: string): (Address & { readonly found: Hub }) | undefined {
  const parsed = parseAddress(address);
  const found = parsed && findHub(broker, parsed.hub);
  return found && { ...parsed, found };
}
