/** A client's connection: the socket that the AMQP library sees, and what the emulator can do to it. */
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { FrameGuard } from './frameGuard';

/** Past this many unsent bytes a peer counts as congested and gets no more events until its socket drains. */
const congestedBytes = 4 * 1024 * 1024;

/** What the AMQP library uses as its socket: it passes on checked frames only, and can delay writes. */
export class Wire extends EventEmitter {
  /** Bytes that are delayed; undefined when writes are not delayed. */
  #held: Buffer[] | undefined;

  constructor(
    private readonly socket: Socket,
    guard: FrameGuard,
    reject: (reason: unknown) => void,
  ) {
    super();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      try {
        for (const frame of guard.push(chunk)) this.emit('data', frame);
      } catch (error) {
        reject(error);
        socket.destroy();
      }
    });
    socket.on('error', () => {}); // 'close' follows
    // In the next tick: a reset under TLS ends at once, and the library must not see the end in the middle of a frame.
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
    /** The TCP socket, which is not `socket` when TLS is used. Only the TCP socket can be reset. */
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

  /** Calls back once when the unsent bytes are sent. Use it only while congested. */
  onceDrained(listener: () => void): void {
    this.#drainListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.add(listener);
  }

  /** Closes the connection without an error, as a load balancer does. */
  drop(): void {
    this.socket.destroy();
  }

  /** Ends the connection with a TCP reset; the client sees ECONNRESET. */
  reset(): void {
    this.tcp.resetAndDestroy();
    this.socket.destroy();
  }

  /** The connection stays open, but nothing reaches the client, for some time or for ever: a network that hangs. */
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
