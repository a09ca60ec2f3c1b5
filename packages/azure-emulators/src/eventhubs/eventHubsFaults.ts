import type { FaultPlan, Faults } from '../injectedFaults';

/** What can go wrong with each operation. */
interface KindsByOperation {
  /** A client finished its handshake. */
  connection: 'drop' | 'reset' | 'stall';
  /** A client sends a token. */
  cbs: 'drop' | 'reset' | 'detach' | 'busy' | 'reject' | 'stall';
  /** A client asks for the properties of a hub or partition. */
  management: 'drop' | 'reset' | 'detach' | 'busy' | 'stall';
  /** A client opens a link to send or to receive. */
  attach: 'drop' | 'reset' | 'detach' | 'busy' | 'stall';
  /** A client sends a message (one event or a batch). */
  send: 'drop' | 'reset' | 'detach' | 'busy' | 'stall' | 'loseAcknowledgement';
  /** An event is about to go to a receiver. */
  deliver: 'drop' | 'reset' | 'detach' | 'busy' | 'stall';
}

/**
 * drop: the connection is closed. reset: it ends with a TCP reset. detach: the link ends with amqp:link:detach-forced.
 * busy: the answer is com.microsoft:server-busy. reject: the answer to the token is 401. stall: no answer, for
 * `milliseconds` or for ever. loseAcknowledgement: the events are stored, then the connection is closed before the client
 * hears of it.
 */
export type EventHubsFault = {
  [On in keyof KindsByOperation]: {
    readonly on: On;
    readonly kind: KindsByOperation[On];
    /** Only operations on this hub (and partition). Connections and tokens concern no partition. */
    readonly hub?: string;
    readonly partition?: string;
    /** How long a `stall` lasts. */
    readonly milliseconds?: number;
  };
}[keyof KindsByOperation];

export type EventHubsFaults = Faults<EventHubsFault>;

/** An operation that is about to happen. */
export interface Operation {
  readonly on: EventHubsFault['on'];
  readonly hub?: string;
  readonly partition?: string;
}

/** Takes the fault that is due for an operation; undefined if none is. */
export function takeFault(plan: FaultPlan<EventHubsFault>, operation: Operation): EventHubsFault | undefined {
  return plan.take(
    ({ on, hub, partition }) =>
      on === operation.on &&
      (hub === undefined || hub.toLowerCase() === operation.hub?.toLowerCase()) &&
      (partition === undefined || partition === operation.partition),
  );
}
