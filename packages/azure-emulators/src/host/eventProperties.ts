import type { ReceivedEventData } from '@azure/event-hubs';
import { isFields } from '../fields';

/** The fields of the AMQP properties section. The .NET client calls `messageId` `message-id`, and so on. */
const messageProperties = new Set(
  (
    'messageId userId to subject replyTo correlationId contentType contentEncoding absoluteExpiryTime creationTime groupId ' +
    'groupSequence replyToGroupId'
  ).split(' '),
);

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
  for (const [name, value] of Object.entries(event.systemProperties ?? {})) {
    properties[messageProperties.has(name) ? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) : name] =
      value;
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
