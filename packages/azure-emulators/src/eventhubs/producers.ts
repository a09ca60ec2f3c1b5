/** Links on which clients send events: to a hub (the service picks the partition) or to one partition of it. */

import { type AmqpFailure, failures } from './amqpFailures';
import { authorize } from './authorization';
import { type Broker, resolveAddress } from './broker';
import { type AmqpValue, MalformedAmqp } from './encoding';
import { takeFault } from './eventHubsFaults';
import type { Hub, Partition } from './hubs';
import type { IncomingLink, IncomingMessage } from './links';
import type { ProducerMark } from './partitionLog';
import { playFault } from './playFault';
import { batchFormat, messageAnnotations, unpackBatch } from './sections';

/** Messages a producer may send without an acknowledgement. The service's own number is not documented. */
const sendCredit = 300;

const idempotent = 'com.microsoft:idempotent-producer';
const producerId = 'com.microsoft:producer-id';
const producerEpoch = 'com.microsoft:producer-epoch';
const producerSequence = 'com.microsoft:producer-sequence-number';

interface Destination {
  readonly hub: Hub;
  /** Undefined if the partition key decides, or the partitions take turns. */
  readonly partition: Partition | undefined;
  /** Set if the producer is idempotent. */
  readonly producer: ProducerMark | undefined;
}

export function attachProducer(broker: Broker, link: IncomingLink): void {
  const address = resolveAddress(broker, link.address);
  if (!address) return link.close(failures.entityNotFound(link.address));
  const hub = address.found;
  const partition = address.partition === undefined ? undefined : hub.partition(address.partition);
  if (address.partition !== undefined && !partition) {
    return link.close(failures.partitionOutOfRange(hub.partitions.length));
  }
  const rejection = authorize(broker, link, 'Send');
  if (rejection) return link.close(rejection);
  const producer = partition && link.capabilities.includes(idempotent) ? claimProducer(link, partition) : undefined;
  if (producer && 'condition' in producer) return link.close(producer);
  link.accept({
    maxMessageSize: broker.maxMessageSize,
    ...(producer && {
      capabilities: [idempotent],
      properties: {
        [producerId]: { type: 'long', value: producer.id },
        [producerEpoch]: { type: 'short', value: producer.epoch },
        [producerSequence]: { type: 'int', value: producer.lastSequence },
      },
    }),
  });
  link.addCredit(sendCredit);
  link.onMessage((message) => meetMessage(broker, link, { hub, partition, producer }, message));
}

function claimProducer(link: IncomingLink, { producers }: Partition): ProducerMark | AmqpFailure {
  const request = {
    id: link.numberProperty(producerId),
    epoch: link.numberProperty(producerEpoch),
    lastSequence: link.numberProperty(producerSequence),
  };
  const granted = producers.attach(request);
  if ('stolenBy' in granted) return failures.producerReplaced(request.epoch ?? 0, granted.stolenBy);
  const { id, epoch } = granted;
  const leave = producers.join(id, {
    epoch,
    replacedBy: (newEpoch) => link.close(failures.producerReplaced(epoch, newEpoch)),
  });
  link.onClose(leave);
  return granted;
}

function meetMessage(broker: Broker, link: IncomingLink, to: Destination, message: IncomingMessage): void {
  broker.counters.messagesReceived++;
  const key = partitionKey(message);
  const partition = to.partition ?? to.hub.partitionFor(key);
  if (!partition) return;
  const store = (): AmqpFailure | undefined => storeMessage(broker, partition, to.producer, message);
  const fault = takeFault(broker.faults, { on: 'send', hub: to.hub.name, partition: partition.id });
  if (!fault) return answer(link, message, store());
  if (playFault(fault, link, () => answer(link, message, store()))) return;
  if (fault.kind === 'busy') return answer(link, message, failures.serverBusy());
  const failure = store();
  if (failure) return answer(link, message, failure);
  link.peer.drop(); // the acknowledgement is lost
}

function answer(link: IncomingLink, message: IncomingMessage, failure: AmqpFailure | undefined): void {
  if (failure) message.reject(failure);
  else message.accept();
  link.addCredit(1);
}

/** Stores all events of a message. If it cannot, it stores none and returns why. */
function storeMessage(
  broker: Broker,
  partition: Partition,
  producer: ProducerMark | undefined,
  message: IncomingMessage,
): AmqpFailure | undefined {
  const { bytes, deliveryId, format } = message;
  if (bytes.length > broker.maxMessageSize) {
    return failures.messageTooLarge(deliveryId, bytes.length, broker.maxMessageSize);
  }
  try {
    const events = format === batchFormat ? unpackBatch(bytes) : [bytes];
    if (producer) return storeInOrder(broker, partition, producer, events);
    partition.log.append(events);
    broker.counters.eventsStored += events.length;
    return undefined;
  } catch (error) {
    if (error instanceof MalformedAmqp) return failures.unreadableMessage(error.message);
    const reason = error instanceof Error ? error.message : String(error);
    broker.log(`a message for partition ${partition.id} was rejected because it could not be stored: ${reason}`);
    return failures.notStored(reason);
  }
}

function storeInOrder(
  broker: Broker,
  { log, producers }: Partition,
  { id, epoch }: ProducerMark,
  events: readonly Buffer[],
): AmqpFailure | undefined {
  const first = events[0] && messageAnnotations(events[0]).get(producerSequence);
  if (typeof first !== 'number') return failures.unreadableMessage('an idempotent producer sent no sequence number');
  const decision = producers.judge(id, epoch, first, events.length);
  if (decision.kind === 'stolen') return failures.producerReplaced(epoch, decision.epoch);
  if (decision.kind === 'outOfOrder') return failures.sequenceOutOfOrder(decision.expected, first);
  if (decision.kind === 'duplicate') {
    broker.counters.eventsDeduplicated += events.length;
    return undefined;
  }
  log.append(events, decision.mark);
  producers.advance(decision.mark);
  broker.counters.eventsStored += events.length;
  return undefined;
}

/** The key is an annotation of the message; in a batch, of the batch's own envelope. */
function partitionKey({ bytes }: IncomingMessage): string | undefined {
  let key: AmqpValue | undefined;
  try {
    key = messageAnnotations(bytes).get('x-opt-partition-key');
  } catch {
    return undefined; // the message is rejected when it is stored
  }
  return typeof key === 'string' ? key : undefined;
}
