/** Listens for AMQP connections and reports clients and links. */
import { createServer, type Socket } from 'node:net';
import { createSecureContext, TLSSocket } from 'node:tls';
import type { Certificate } from '../certificate';
import { type Listener, listenOnLoopback } from '../http/loopback';
import { FrameGuard, maxFrameSize } from './frameGuard';
import { IncomingLink, OutgoingLink } from './links';
import { Peer, Wire } from './peer';
import { type RheaConnection, type RheaContainer, type RheaContext, type RheaLink, rhea } from './rhea';

export interface AmqpHandlers {
  /** A client finished its handshake. */
  connected(peer: Peer): void;
  /** A client wants to send to `link.address`. */
  producerAttaches(link: IncomingLink): void;
  /** A client wants to receive from `link.address`. */
  consumerAttaches(link: OutgoingLink): void;
  /** A connection was ended because of what it sent, or because of an error in a handler. */
  broke(reason: unknown): void;
}

/** Recorded from the service (Azure/azure-sdk-for-python#5316). */
const idleTimeoutMs = 240_000;

export interface AmqpEndpoint {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Speaks TLS (the scheme amqps) with this certificate; plain TCP without it. */
  readonly certificate?: Certificate;
}

export async function listen(
  { port, certificate }: AmqpEndpoint,
  maxDeliverySize: number,
  handlers: AmqpHandlers,
): Promise<Listener> {
  const container = rhea.create_container({ id: 'event-hubs-emulator' });
  container.sasl_server_mechanisms.enable_anonymous();
  container.sasl_server_mechanisms['MSSBCBS'] = container.sasl_server_mechanisms['ANONYMOUS'];
  const known = new WeakMap<RheaConnection, Peer>();
  const secureContext = certificate && createSecureContext(certificate);
  let lastId = 0;

  function accept(tcp: Socket): void {
    const id = ++lastId;
    const socket = secureContext ? new TLSSocket(tcp, { isServer: true, secureContext }) : tcp;
    const wire = new Wire(socket, new FrameGuard(maxDeliverySize), (reason) => handlers.broke(reason));
    const connection = container.create_connection({
      max_frame_size: maxFrameSize,
      idle_time_out: idleTimeoutMs,
      reconnect: false,
      receiver_options: { credit_window: 0, autoaccept: false },
    });
    const peer = new Peer(id, socket, wire, tcp);
    known.set(connection, peer);
    socket.on('close', () => peer.markClosed());
    connection.accept(wire);
  }

  watch(container, (connection) => known.get(connection), handlers);
  return listenOnLoopback(createServer(accept), port, 'Event Hubs emulator');
}

/** Turns the library's events, which all arrive at the container, into calls of the handlers. */
function watch(
  container: RheaContainer,
  peerOf: (connection: RheaConnection) => Peer | undefined,
  handlers: AmqpHandlers,
): void {
  const links = new WeakMap<RheaLink, IncomingLink | OutgoingLink>();
  const bySession = new WeakMap<object, Set<IncomingLink | OutgoingLink>>();

  function track<L extends IncomingLink | OutgoingLink>(rheaLink: RheaLink, link: L): L {
    const siblings = bySession.get(rheaLink.session) ?? new Set();
    bySession.set(rheaLink.session, siblings.add(link));
    links.set(rheaLink, link);
    link.peer.onClose(() => link.markClosed());
    link.onClose(() => siblings.delete(link));
    return link;
  }

  function on(events: readonly string[], listener: (context: RheaContext, peer: Peer) => void): void {
    for (const event of events) {
      container.on(event, (context) => {
        const peer = context.connection && peerOf(context.connection);
        if (peer) listener(context, peer);
      });
    }
  }

  on(['connection_open'], (_context, peer) => handlers.connected(peer));
  on(['receiver_open'], ({ receiver }, peer) => {
    if (receiver) handlers.producerAttaches(track(receiver, new IncomingLink(peer, receiver)));
  });
  on(['sender_open'], ({ sender }, peer) => {
    if (sender) handlers.consumerAttaches(track(sender, new OutgoingLink(peer, sender)));
  });
  on(['receiver_close', 'sender_close'], ({ receiver, sender }) => {
    const link = receiver ?? sender;
    if (link) links.get(link)?.markClosed();
  });
  on(['session_close'], ({ session }) => {
    for (const link of (session && bySession.get(session)) ?? []) link.markClosed();
  });
  on(['connection_close', 'disconnected'], (_context, peer) => peer.markClosed());
  // The library reports a detach, end or close with an error twice; the second report is handled above.
  on(['receiver_error', 'sender_error', 'session_error', 'connection_error'], () => {});
  for (const event of ['error', 'protocol_error']) container.on(event, (reason) => handlers.broke(reason));
}
