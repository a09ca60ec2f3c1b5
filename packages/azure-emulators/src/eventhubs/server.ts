/** Connects the listeners, one for each endpoint, with the hubs. */
import type { Listener } from '../http/loopback';
import { type AmqpEndpoint, type AmqpHandlers, listen } from './amqp';
import { failures } from './amqpFailures';
import { type Broker, resolveAddress } from './broker';
import { attachConsumer } from './consumers';
import { takeFault } from './eventHubsFaults';
import type { IncomingLink, OutgoingLink } from './links';
import { Nodes, nodeOf } from './nodes';
import { playFault } from './playFault';
import { attachProducer } from './producers';

/** A message up to this many times the limit is read and rejected; a larger one ends the connection. */
const oversizeFactor = 8;

export async function serve(broker: Broker, endpoints: readonly AmqpEndpoint[]): Promise<readonly Listener[]> {
  const nodes = new Nodes(broker);

  /** Plays the fault of an attach, if there is one, and then attaches. */
  function meetAttach<L extends IncomingLink | OutgoingLink>(link: L, attach: (link: L) => void): void {
    const address = resolveAddress(broker, link.address);
    const fault = takeFault(broker.faults, {
      on: 'attach',
      ...(address && { hub: address.found.name }),
      ...(address?.partition !== undefined && { partition: address.partition }),
    });
    if (!fault) return attach(link);
    if (fault.kind === 'busy') return link.close(failures.serverBusy());
    if (fault.kind === 'stall') link.keepWaiting();
    playFault(fault, link, () => attach(link));
  }

  const handlers: AmqpHandlers = {
    connected: (peer) => {
      broker.counters.connections++;
      const fault = takeFault(broker.faults, { on: 'connection' });
      if (fault?.kind === 'drop') peer.drop();
      else if (fault?.kind === 'reset') peer.reset();
      else if (fault) peer.mute(fault.milliseconds);
    },
    producerAttaches: (link) => {
      const node = nodeOf(link.address);
      if (node) nodes.attachRequests(link, node);
      else meetAttach(link, (attaching) => attachProducer(broker, attaching));
    },
    consumerAttaches: (link) => {
      if (nodeOf(link.address)) nodes.attachReplies(link);
      else meetAttach(link, (attaching) => attachConsumer(broker, attaching));
    },
    broke: (reason) => {
      broker.log(`a connection was ended: ${reason instanceof Error ? reason.message : String(reason)}`);
    },
  };
  const listeners: Listener[] = [];
  try {
    for (const endpoint of endpoints) {
      listeners.push(await listen(endpoint, broker.maxMessageSize * oversizeFactor, handlers));
    }
  } catch (error) {
    await Promise.all(listeners.map((listener) => listener.close()));
    throw error;
  }
  return listeners;
}
