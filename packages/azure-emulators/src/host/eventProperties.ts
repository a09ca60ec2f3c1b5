import type { ReceivedEventData } from '@azure/event-hubs';
import { isFields } from '../fields';

/** The .NET client's names for the AMQP properties section. */
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

/** The event's message annotations and AMQP properties, with the .NET client's names. */
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

/** The event's own properties as the host's JSON holds them: bytes as base64, times without trailing zeros. */
export function userPropertiesOf(event: ReceivedEventData): Record<string, unknown> {
  // From the raw message, because the client has turned bytes into objects.
  return jsonFields(event.getRawAmqpMessage().applicationProperties ?? event.properties ?? {});
}

function jsonFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, jsonValue(value)]));
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace(/\.?0*Z$/, 'Z');
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(jsonValue);
  return isFields(value) ? jsonFields(value) : value;
}
