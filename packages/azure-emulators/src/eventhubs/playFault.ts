import { failures } from './amqpFailures';
import type { EventHubsFault } from './eventHubsFaults';
import type { IncomingLink, OutgoingLink } from './links';

/**
 * Plays the faults that end or delay an operation, whatever the operation is.
 *
 * Returns true if the operation must not go on now; `resume` is called after a stall that has an end. Returns false for
 * the kinds that the operation plays itself, because they are its answer: busy, reject, loseAcknowledgement.
 */
export function playFault(fault: EventHubsFault, link: IncomingLink | OutgoingLink, resume: () => void): boolean {
  const { kind, milliseconds } = fault;
  if (kind === 'drop') {
    link.peer.drop();
  } else if (kind === 'reset') {
    link.peer.reset();
  } else if (kind === 'detach') {
    link.close(failures.linkForcedOff(link.name));
  } else if (kind !== 'stall') {
    return false;
  } else if (milliseconds !== undefined) {
    const timer = setTimeout(() => {
      if (!link.closed) resume();
    }, milliseconds);
    link.onClose(() => clearTimeout(timer));
  }
  return true;
}
