/** Sends a partition's events to a receiver, within the receiver's credit and the speed of its connection. */

import { failures } from './amqpFailures';
import type { Broker } from './broker';
import { takeFault } from './eventHubsFaults';
import type { Partition } from './hubs';
import type { OutgoingLink } from './links';
import { playFault } from './playFault';
import { withRuntimeMetrics } from './sections';

export interface Subscription {
  readonly hub: string;
  readonly partition: Partition;
  /** Sequence number of the first event to deliver. */
  readonly start: number;
  /** Whether every event carries the state of the partition's end. */
  readonly runtimeMetrics: boolean;
}

/** After this many bytes other connections are served. */
const burstBytes = 1024 * 1024;

export function deliver(broker: Broker, link: OutgoingLink, subscription: Subscription): void {
  const { log, id } = subscription.partition;
  let next = subscription.start;
  /** A fault delays the link, or the next turn is scheduled already. */
  let waiting = false;
  /** The event at `next` has met its fault already. */
  let released = false;

  function resumeLater(arrange: (resume: () => void) => void): void {
    waiting = true;
    arrange(() => {
      waiting = false;
      send();
    });
  }

  function meetsFault(): boolean {
    const fault = released
      ? undefined
      : takeFault(broker.faults, { on: 'deliver', hub: subscription.hub, partition: id });
    released = false;
    if (!fault) return false;
    if (fault.kind === 'busy') {
      link.close(failures.serverBusy());
    } else {
      resumeLater((resume) => {
        playFault(fault, link, () => {
          released = true;
          resume();
        });
      });
    }
    return true;
  }

  function send(): void {
    if (waiting || link.closed) return;
    if (link.peer.congested) return resumeLater((resume) => link.peer.onceDrained(resume));
    log.expire();
    for (let burst = 0; !link.closed && link.room > 0; ) {
      if (burst >= burstBytes) return resumeLater((resume) => setImmediate(resume));
      next = Math.max(next, log.firstSequenceNumber); // skips events that expired before they were read
      const event = log.get(next);
      if (!event || meetsFault()) return;
      const bytes = subscription.runtimeMetrics
        ? withRuntimeMetrics(event.bytes, log.last ?? event, broker.now())
        : event.bytes;
      link.send(bytes);
      burst += bytes.length;
      next++;
      broker.counters.eventsDelivered++;
    }
  }

  link.onClose(log.onAppend(send));
  link.onRoom(send);
  link.onDrain(send);
  send(); // a client may give credit before its attach is answered
}
