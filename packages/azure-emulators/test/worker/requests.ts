import { randomUUID } from 'node:crypto';
import type { ReceivedEventData } from '@azure/event-hubs';
import type { InvocationRequest } from '../../src/host/protocol';
import type { Trigger } from '../../src/host/trigger';
import { toInput, toMetadata } from '../../src/host/triggerData';

export type Event = Pick<ReceivedEventData, 'offset' | 'sequenceNumber' | 'enqueuedTimeUtc'> &
  Partial<Pick<ReceivedEventData, 'partitionKey' | 'properties' | 'systemProperties'>> & { readonly body: Buffer };

/** One event, with what a test says of it. */
export function event(more: Partial<Event>): Event {
  return {
    body: Buffer.from('{}'),
    offset: '0',
    sequenceNumber: 0,
    enqueuedTimeUtc: new Date('2026-11-21T08:15:28.120Z'),
    ...more,
  };
}

/** The request of one invocation, its input and metadata made by the code that makes them in the `host` folder. */
export function requestFor(
  trigger: Trigger,
  events: readonly Event[],
  retryContext?: InvocationRequest['retryContext'],
  includeEmpty = true,
): InvocationRequest {
  const received = events.map(
    (each): ReceivedEventData => ({
      ...each,
      partitionKey: each.partitionKey ?? null,
      getRawAmqpMessage: () => ({ body: each.body, bodyType: 'data' }),
    }),
  );
  const partition = {
    fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
    eventHubName: 'flows',
    consumerGroup: '$Default',
    partitionId: '3',
    isCheckpointingAfterInvocation: true,
  };
  return {
    invocationId: randomUUID(),
    functionId: trigger.functionId,
    inputData: [{ name: trigger.bindingName, data: toInput(received) }],
    triggerMetadata: toMetadata(received, partition, includeEmpty),
    traceContext: {
      traceParent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
      traceState: '',
      attributes: {},
    },
    ...(retryContext === undefined ? {} : { retryContext }),
  };
}
