/** Links on which clients receive events of a partition, for a consumer group, from a position on. */

import { failures } from './amqpFailures';
import { authorize } from './authorization';
import { type Broker, resolveAddress } from './broker';
import { deliver } from './delivery';
import type { OutgoingLink } from './links';
import { resolvePosition } from './positions';
import type { Receiver } from './receivers';

const epoch = 'com.microsoft:epoch';
const receiverName = 'com.microsoft:receiver-name';
const runtimeMetrics = 'com.microsoft:enable-receiver-runtime-metric';

export function attachConsumer(broker: Broker, link: OutgoingLink): void {
  const address = resolveAddress(broker, link.address);
  const group = address?.consumerGroup;
  if (!address || group === undefined || !address.found.hasGroup(group)) {
    return link.close(failures.entityNotFound(link.address));
  }
  const hub = address.found;
  const partition = hub.partition(address.partition ?? '');
  if (!partition) return link.close(failures.partitionOutOfRange(hub.partitions.length));
  const rejection = authorize(broker, link, 'Listen');
  if (rejection) return link.close(rejection);
  partition.log.expire();
  const start = resolvePosition(partition.log, link.selector);
  if (typeof start !== 'number') return link.close(start);
  const receivers = partition.receivers(group);
  const receiver: Receiver = {
    name: link.stringProperty(receiverName) ?? 'nil',
    epoch: link.numberProperty(epoch),
    disconnect: (failure) => link.close(failure),
  };
  const rejected = receivers.admit(receiver);
  if (rejected) return link.close(rejected);
  link.onClose(() => receivers.leave(receiver));
  link.accept();
  deliver(broker, link, {
    hub: hub.name,
    partition,
    start,
    runtimeMetrics: link.capabilities.includes(runtimeMetrics),
  });
}
