/**
 * The part of the AMQP library that the emulator uses, with its real shapes: the library's own declarations leave these
 * members out or call them `any`. This is the only file that imports it.
 */
import rheaLibrary from 'rhea';

export interface RheaError {
  readonly condition: string;
  readonly description: string;
}

export interface RheaDelivery {
  readonly id: number;
  readonly format: number;
  settled: boolean;
  /** Whether the other side has settled. */
  remote_settled: boolean;
  update(settled: boolean, outcome: unknown): void;
  accept(): void;
  reject(error: RheaError): void;
}

export interface RheaSession {
  readonly outgoing: { available(): number };
  /** `process` writes the dispositions that are waiting. */
  readonly incoming: { process(session: RheaSession): void };
}

export interface RheaLink {
  readonly name: string;
  readonly session: RheaSession;
  readonly connection: RheaConnection;
  readonly source?: {
    readonly address?: string | null;
    readonly filter?: Readonly<Record<string, unknown>> | null;
  } | null;
  readonly target?: { readonly address?: string | null } | null;
  readonly properties?: Readonly<Record<string, unknown>> | null;
  readonly desired_capabilities?: unknown;
  /** What the client asked for in its attach frame; undefined if it left the choice to the service. */
  readonly snd_settle_mode?: number;
  readonly rcv_settle_mode?: number;
  /** What we say in our own attach frame. */
  readonly local: { readonly attach: Record<string, unknown> };
  /** The library answers an attach by itself: 0 delays the answer, 1 sends it. */
  readonly state: { open_requests: number };
  readonly credit: number;
  readonly delivery_count: number;
  set_source(source: { address: string; filter?: unknown }): void;
  set_target(target: { address?: string }): void;
  add_credit(credit: number): void;
  send(message: Buffer, tag: undefined, format: number): RheaDelivery;
  set_drained(drained: boolean): void;
  close(error?: RheaError): void;
  on(event: 'message' | RheaOutcome | 'settled', listener: (context: RheaDeliveryContext) => void): void;
  on(event: 'sendable' | 'sender_draining', listener: () => void): void;
}

export type RheaOutcome = 'accepted' | 'rejected' | 'released' | 'modified';

export interface RheaDeliveryContext {
  readonly delivery: RheaDelivery;
  /** In a `message` event: the bytes as received. For message format 0 the library decodes them instead. */
  readonly message: Buffer;
}

export interface RheaConnection {
  accept(socket: unknown): void;
  /** Writes what is waiting; the library does it by itself at the end of the turn. */
  _process(): void;
}

export interface RheaContainer {
  readonly sasl_server_mechanisms: Record<string, unknown> & { enable_anonymous(): void };
  create_connection(options: Readonly<Record<string, unknown>>): RheaConnection;
  on(event: string, listener: (context: RheaContext) => void): void;
}

export interface RheaContext {
  readonly connection?: RheaConnection;
  readonly session?: RheaSession;
  readonly sender?: RheaLink;
  readonly receiver?: RheaLink;
}

export interface RheaTypes {
  wrap_long(value: number): unknown;
  wrap_short(value: number): unknown;
  wrap_int(value: number): unknown;
}

interface Rhea {
  create_container(options: { id: string }): RheaContainer;
  readonly types: RheaTypes;
  readonly message: { accepted(): { described(): unknown } };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the declarations are incomplete, see above
export const rhea = rheaLibrary as unknown as Rhea;
