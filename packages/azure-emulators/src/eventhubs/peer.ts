/** A client's connection: the socket as the AMQP library sees it, and what the emulator can do to it. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { FrameGuard } from './frameGuard';

/** Past this many unsent bytes a peer counts as congested and gets no more events until its socket drains. */
const congestedBytes = 4 * 1024 * 1024;

/** Stands in for the socket towards the AMQP library: it reads checked frames only, and writes can be held back. */
export class Wire extends EventEmitter {
  /** Bytes held back; undefined while they flow. */
  #held: Buffer[] | undefined;

  constructor(
    private readonly socket: Socket,
    guard: FrameGuard,
    refuse: (reason: unknown) => void,
  ) {
    super();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of guard.push(chunk)) this.emit('data', frame);
      } catch (error) {
        refuse(error);
        socket.destroy();
      }
    });
    socket.on('error', () => {}); // 'close' follows and says all that matters here
    // Later, because a reset under TLS is over at once: the library must not learn of the end in the midst of a frame.
    socket.on('close', () => process.nextTick(() => this.emit('end')));
  }

  write(bytes: Buffer): void {
    if (this.socket.destroyed || this.socket.writableEnded) return;
    if (this.#held) {
      this.#held.push(bytes);
      return;
    }
    if (this.socket.writableCorked === 0) {
      this.socket.cork(); // one system call for all frames of this turn
      process.nextTick(() => this.socket.uncork());
    }
    this.socket.write(bytes);
  }

  end(): void {
    this.socket.destroySoon();
  }

  destroy(): void {
    this.socket.destroy();
  }

  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const bytes of held) this.write(bytes);
  }
}

export class Peer {
  #closed = false;
  readonly #closeListeners = new Set<() => void>();
  #drainListeners: (() => void)[] = [];

  constructor(
    readonly id: number,
    private readonly socket: Socket,
    private readonly wire: Wire,
    /** What is under the socket: with TLS another one, which alone can be reset. */
    private readonly tcp: Socket,
  ) {
    socket.on('drain', () => {
      const listeners = this.#drainListeners;
      this.#drainListeners = [];
      for (const listener of listeners) listener();
    });
  }

  get closed(): boolean {
    return this.#closed;
  }

  get congested(): boolean {
    return this.socket.writableLength > congestedBytes;
  }

  /** Calls back once when the unsent bytes are gone. Only to be used while congested. */
  onceDrained(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.add(listener);
  }

  /** Ends the connection without a word, as a load balancer does. */
  drop(): void {
    this.socket.destroy();
  }

  /** Ends the connection with a TCP reset; the client sees ECONNRESET. */
  reset(): void {
    this.tcp.resetAndDestroy();
    this.socket.destroy();
  }

  /** The connection stays up, but nothing more reaches the client, for a time or for good: a network that hangs. */
  mute(milliseconds: number | undefined): void {
    this.wire.hold();
    if (milliseconds === undefined) return;
    const timer = setTimeout(() => this.wire.release(), milliseconds);
    this.onClose(() => clearTimeout(timer));
  }

  markClosed(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const listener of this.#closeListeners) listener();
  }
}
