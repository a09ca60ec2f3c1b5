/**
 * Who may read a partition in a consumer group. Either one receiver with an epoch (the owner level of the SDKs), which
 * a receiver with the same or a higher epoch replaces, or up to five without.
 */
import { type AmqpFailure, failures } from './amqpFailures';

/** The service allows five receivers without epoch in a partition and group (Event Hubs quotas). */
const mostReceivers = 5;

export interface Receiver {
  /** The client's name for itself; the service writes 'nil' if there is none. */
  readonly name: string;
  readonly epoch: number | undefined;
  disconnect(failure: AmqpFailure): void;
}

/** The receivers of one partition in one consumer group. */
export class ReceiverRegistry {
  readonly #receivers = new Set<Receiver>();

  get size(): number {
    return this.#receivers.size;
  }

  /** Disconnects the receivers that the new one replaces and admits it, or returns why it is rejected. */
  admit(newcomer: Receiver): AmqpFailure | undefined {
    const highest = Math.max(-1, ...[...this.#receivers].map(({ epoch }) => epoch ?? -1));
    const { name, epoch } = newcomer;
    if (epoch === undefined) {
      if (highest >= 0) return failures.receiverWithoutEpoch(highest);
      if (this.#receivers.size >= mostReceivers) {
        return failures.tooManyReceivers(
          mostReceivers,
          [...this.#receivers].map((receiver) => receiver.name),
        );
      }
    } else {
      if (epoch < highest) return failures.receiverEpochTooLow(name, epoch, highest);
      for (const current of this.#receivers) {
        current.disconnect(failures.receiverReplaced(name, epoch, current.name, current.epoch));
      }
    }
    this.#receivers.add(newcomer);
    return undefined;
  }

  leave(receiver: Receiver): void {
    this.#receivers.delete(receiver);
  }
}
