import type { ReceivedEventData } from '@azure/event-hubs';
import { systemPropertiesOf, userPropertiesOf } from './eventProperties';
import type { Long, TypedData } from './protocol';

export interface PartitionFacts {
  readonly fullyQualifiedNamespace: string;
  readonly eventHubName: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
  readonly isCheckpointingAfterInvocation: boolean;
}

/**
 * The events of one invocation as the host puts them into the gRPC request (`ToRpc` in GrpcMessageConversionExtensions.cs,
 * Azure/azure-functions-host).
 */
export function toInput(events: readonly ReceivedEventData[]): TypedData {
  return { collectionBytes: { bytes: events.map(bodyOf) } };
}

/**
 * The trigger's metadata as EventHubTriggerBindingStrategy.cs of the WebJobs extension makes it: parallel arrays.
 * `@azure/functions` camel-cases every key afterwards, and parses texts as JSON.
 * @param includeEmpty whether the worker has IncludeEmptyEntriesInMessagePayload; without it empty texts are dropped
 */
export function toMetadata(
  events: readonly ReceivedEventData[],
  partition: PartitionFacts,
  includeEmpty: boolean,
): Readonly<Record<string, TypedData>> {
  const context = json(pascalCased(partition));
  const texts = (textOf: (event: ReceivedEventData) => string): TypedData => ({
    collectionString: { string: events.map(textOf).filter((text) => includeEmpty || text !== '') },
  });
  return {
    TriggerPartitionContext: context,
    PartitionContext: context,
    PartitionKeyArray: texts(({ partitionKey }) => partitionKey ?? ''),
    OffsetArray: texts(({ offset }) => numericOffset(offset)),
    OffsetStringArray: texts(({ offset }) => offset),
    SequenceNumberArray: { collectionSint64: { sint64: events.map((event) => toLong(event.sequenceNumber)) } },
    EnqueuedTimeUtcArray: json(events.map((event) => withoutZone(event.enqueuedTimeUtc))),
    PropertiesArray: json(events.map(userPropertiesOf)),
    SystemPropertiesArray: json(events.map(systemProperties)),
  };
}

function systemProperties(event: ReceivedEventData): Record<string, unknown> {
  return {
    ...systemPropertiesOf(event),
    SequenceNumber: event.sequenceNumber,
    Offset: Number(numericOffset(event.offset)),
    OffsetString: event.offset,
    PartitionKey: event.partitionKey ?? null,
    EnqueuedTimeUtc: withoutZone(event.enqueuedTimeUtc),
  };
}

function bodyOf(event: ReceivedEventData): Buffer {
  const body: unknown = event.body;
  if (Buffer.isBuffer(body)) return body;
  if (body === null || body === undefined) return Buffer.alloc(0);
  // Several data sections arrive as an array; the .NET client joins them.
  if (Array.isArray(body) && body.every((part: unknown) => Buffer.isBuffer(part))) return Buffer.concat(body);
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function json(value: unknown): TypedData {
  return { json: JSON.stringify(value) };
}

/** Offsets used to be numbers. One that is not a number becomes -1. */
function numericOffset(offset: string): string {
  return /^-?\d+$/.test(offset) ? offset : '-1';
}

/** A .NET DateTime of unspecified kind: UTC, but without zone and trailing zeros. */
function withoutZone(time: Date): string {
  return time.toISOString().replace(/\.?0*Z$/, '');
}

export function toLong(value: number): Long {
  const bits = BigInt.asUintN(64, BigInt(value));
  return { low: Number(BigInt.asIntN(32, bits)), high: Number(BigInt.asIntN(32, bits >> 32n)), unsigned: false };
}

function pascalCased(facts: PartitionFacts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [key.charAt(0).toUpperCase() + key.slice(1), value]),
  );
}
