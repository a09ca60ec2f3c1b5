/**
 * The two kinds of links. A client attaches a link to an address and waits for the answer; the emulator accepts it,
 * rejects it with a failure, or keeps it waiting.
 */
import type { AmqpFailure } from './amqpFailures';
import { plainFormat } from './frameGuard';
import { pathOf } from './hubs';
import type { Peer } from './peer';
import { type RheaDelivery, type RheaLink, type RheaSession, rhea } from './rhea';

/** A number with the AMQP type that clients expect for it. */
export interface TypedNumber {
  readonly type: 'long' | 'short' | 'int';
  readonly value: number;
}

abstract class Link {
  #closed = false;
  #answered = false;
  readonly #closeListeners = new Set<() => void>();

  constructor(
    readonly peer: Peer,
    protected readonly link: RheaLink,
  ) {}

  get name(): string {
    return this.link.name;
  }

  /** Identifies the session; request and response links of a node share one. */
  get session(): object {
    return this.link.session;
  }

  get closed(): boolean {
    return this.#closed;
  }

  get capabilities(): readonly string[] {
    return [this.link.desired_capabilities ?? []].flat().map(String);
  }

  /** A number the client gave as a link property, if it gave one. */
  numberProperty(name: string): number | undefined {
    const value = this.link.properties?.[name];
    return typeof value === 'number' ? value : undefined;
  }

  stringProperty(name: string): string | undefined {
    const value = this.link.properties?.[name];
    return typeof value === 'string' ? value : undefined;
  }

  onClose(listener: () => void): void {
    this.#closeListeners.add(listener);
  }

  /** Rejects a link that is being attached, or detaches one that is open, with the reason. */
  close(failure: AmqpFailure): void {
    if (this.#closed) return;
    this.markClosed();
    this.link.close(failure);
  }

  /** Delays the answer to the attach until the link is accepted or closed. Call it only during the attach. */
  keepWaiting(): void {
    this.link.state.open_requests = 0;
    this.onClose(() => this.writeAnswer()); // a detach may only follow an attach
  }

  /**
   * Answers the attach with the settle modes that the client asked for. Writes the answer at once: the library would otherwise
   * write events first, and a client ends a session when it receives from a link that it does not know yet.
   */
  protected answer(): void {
    const { snd_settle_mode, rcv_settle_mode } = this.link;
    Object.assign(this.link.local.attach, { snd_settle_mode, rcv_settle_mode });
    this.writeAnswer();
  }

  private writeAnswer(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.link.state.open_requests = 1;
    this.link.connection['_process']();
  }

  markClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
  }
}

/** A message that arrived. It must be accepted or rejected; until then the client waits. */
export interface IncomingMessage {
  readonly deliveryId: number;
  /** AMQP message format; 0 is a plain message. */
  readonly format: number;
  readonly bytes: Buffer;
  accept(): void;
  reject(failure: AmqpFailure): void;
}

/** A link on which the client sends. */
export class IncomingLink extends Link {
  /** What the client sends to, without scheme and host: `hub/Partitions/0`. */
  get address(): string {
    return pathOf(this.link.target?.address ?? '');
  }

  /** Lets the client send this many more messages. */
  addCredit(credit: number): void {
    if (!this.closed) this.link.add_credit(credit);
  }

  accept(
    options: {
      readonly maxMessageSize?: number;
      readonly capabilities?: readonly string[];
      readonly properties?: Readonly<Record<string, TypedNumber>>;
    } = {},
  ): void {
    this.link.set_target({ address: this.link.target?.address ?? '' });
    this.link.set_source({ address: this.link.source?.address ?? '' });
    const { attach } = this.link.local;
    if (options.maxMessageSize !== undefined) attach['max_message_size'] = options.maxMessageSize;
    if (options.capabilities) attach['offered_capabilities'] = [...options.capabilities];
    if (options.properties) {
      attach['properties'] = Object.fromEntries(
        Object.entries(options.properties).map(([name, number]) => [name, wrapNumber(number)]),
      );
    }
    // The client settles after it has our outcome; only then does the library forget the message.
    this.link.on('settled', ({ delivery }) => {
      delivery.settled = true;
    });
    this.answer();
  }

  onMessage(listener: (message: IncomingMessage) => void): void {
    this.link.on('message', ({ message, delivery }) => {
      if (!this.closed) listener(incomingMessage(message, delivery, this.link.session));
    });
  }
}

function wrapNumber({ type, value }: TypedNumber): unknown {
  return rhea.types[`wrap_${type}`](value);
}

/**
 * Writes each outcome at once. If two outcomes wait together, rhea 3.0.5 sends the first one for both messages, and the sender
 * of a rejected message believes that it was stored.
 */
function incomingMessage(bytes: Buffer, delivery: RheaDelivery, session: RheaSession): IncomingMessage {
  const write = (): void => {
    delivery.settled ||= delivery.remote_settled; // the client sends no more about it
    session.incoming.process(session);
  };
  return {
    deliveryId: delivery.id,
    format: delivery.format === plainFormat ? 0 : delivery.format,
    bytes,
    accept() {
      delivery.accept();
      write();
    },
    reject(failure) {
      delivery.reject(failure);
      write();
    },
  };
}

const selectorFilter = 'apache.org:selector-filter:string';
/** A receiver that names this `snd-settle-mode` acknowledges every message. */
const unsettled = 0;

/** Settles a delivery whose receiver has named an outcome and waits. Every outcome counts as received. */
function settleSecond(delivery: RheaDelivery): void {
  if (delivery.remote_settled) return;
  delivery.update(true, rhea.message.accepted().described());
  delivery.remote_settled = true; // the client sends no more about it
}

/** A link on which the client receives. */
export class OutgoingLink extends Link {
  /** Messages given to the library. Its `delivery_count` counts those that were written. */
  #sent = 0;

  /** The path that the client receives from, without scheme and host. */
  get address(): string {
    return pathOf(this.link.source?.address ?? '');
  }

  /** The text of the selector filter, which for Event Hubs is a position in the stream. */
  get selector(): string | undefined {
    const filter = this.link.source?.filter?.[selectorFilter];
    if (filter === undefined || filter === null) return undefined;
    const value = typeof filter === 'object' && 'value' in filter ? filter.value : filter;
    return typeof value === 'string' ? value : `a ${typeof value}`;
  }

  /** Messages that can be sent now: the client's credit without the messages that are not written yet. */
  get room(): number {
    const waiting = this.#sent - this.link.delivery_count;
    return Math.min(this.link.credit - waiting, this.link.session.outgoing.available());
  }

  accept(): void {
    this.link.set_source({
      address: this.link.source?.address ?? '',
      filter: this.link.source?.filter ?? undefined,
    });
    this.link.set_target(this.link.target?.address ? { address: this.link.target.address } : {});
    for (const outcome of ['accepted', 'rejected', 'released', 'modified'] as const) {
      this.link.on(outcome, ({ delivery }) => settleSecond(delivery));
    }
    this.answer();
  }

  /** Call only if there is credit left: a message without credit would block all links of the session. */
  send(bytes: Buffer): void {
    this.#sent++;
    const delivery = this.link.send(bytes, undefined, 0);
    // Sends settled unless the client asked otherwise, because only then the service waits for acknowledgements.
    delivery.settled = this.link.snd_settle_mode !== unsettled;
  }

  onRoom(listener: () => void): void {
    this.link.on('sendable', listener);
  }

  /** A client that drains takes the messages that are available and gives up its remaining credit; `fill` sends them. */
  onDrain(fill: () => void): void {
    this.link.on('sender_draining', () => {
      fill();
      this.#sent += Math.max(this.room, 0);
      this.link.set_drained(true);
    });
  }
}
