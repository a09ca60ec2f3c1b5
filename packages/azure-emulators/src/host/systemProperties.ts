import type { ReceivedEventData } from '@azure/event-hubs';

/** Names under which the .NET client shows the AMQP properties section. */
const messageProperties = {
  messageId: 'message-id',
  userId: 'user-id',
  to: 'to',
  subject: 'subject',
  replyTo: 'reply-to',
  correlationId: 'correlation-id',
  contentType: 'content-type',
  contentEncoding: 'content-encoding',
  absoluteExpiryTime: 'absolute-expiry-time',
  creationTime: 'creation-time',
  groupId: 'group-id',
  groupSequence: 'group-sequence',
  replyToGroupId: 'reply-to-group-id',
} as const;

/** The event's message annotations and AMQP properties under the names of the .NET client. */
export function systemPropertiesOf(event: ReceivedEventData): Record<string, unknown> {
  const properties: Record<string, unknown> = {
    'x-opt-sequence-number': event.sequenceNumber,
    'x-opt-offset': event.offset,
    'x-opt-enqueued-time': event.enqueuedTimeUtc.toISOString().replace(/\.?0*Z$/, '+00:00'),
  };
  if (event.partitionKey !== null && event.partitionKey !== undefined) {
    properties['x-opt-partition-key'] = event.partitionKey;
  }
  const names: Readonly<Record<string, string>> = messageProperties;
  for (const [name, value] of Object.entries(event.systemProperties ?? {})) {
    properties[names[name] ?? name] = value;
  }
  return properties;
}
