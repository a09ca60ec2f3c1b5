/** Carries out the injected faults that end or hold up an operation, whatever the operation is. */
import { failures } from './failures';
import type { Fault } from './faults';
import type { IncomingLink, OutgoingLink } from './links';

/**
 * Returns true if the operation must not go on now; after a stall that has an end, `resume` is called. The kinds that
 * are an answer rather than an accident (busy, refuse, loseAcknowledgement) return false: the operation gives them.
 */
export function suffer(fault: Fault, link: IncomingLink | OutgoingLink, resume: () => void): boolean {
  const { kind, stallMs } = fault;
  if (kind === 'drop') {
    link.peer.drop();
  } else if (kind === 'reset') {
    link.peer.reset();
  } else if (kind === 'detach') {
    link.close(failures.linkForcedOff(link.name));
  } else if (kind !== 'stall') {
    return false;
  } else if (stallMs !== undefined) {
    const timer = setTimeout(() => {
      if (!link.closed) resume();
    }, stallMs);
    link.onClose(() => clearTimeout(timer));
  }
  return true;
}
