import type { InvocationContext } from '@azure/functions';
import type { Batch } from '../shared/batch';
import { IncompleteTrigger } from '../shared/errors/batchErrors';
import { fieldsOf } from '../shared/fieldsOf';

/** Replaces what the host left out; no hub can have this name. */
const unknown = '(unknown)';

/** A batch of which nothing is known. */
export const unknownBatch: Batch = { hub: unknown, partition: unknown, messages: [] };

/** Reads an invocation of the trigger; `(unknown)` stands for what the host left out. */
export function toBatch(
  messages: unknown,
  { invocationId, triggerMetadata = {}, traceContext }: InvocationContext,
): Batch {
  // Newer hosts pass both.
  const partition = {
    ...fieldsOf(triggerMetadata['triggerPartitionContext']),
    ...fieldsOf(triggerMetadata['partitionContext']),
  };
  const systemProperties = listOf(triggerMetadata['systemPropertiesArray']);
  const enqueued = listOf(triggerMetadata['enqueuedTimeUtcArray']).map(utcTime);
  return {
    hub: textOf(partition['eventHubName']),
    partition: textOf(partition['partitionId']),
    invocationId,
    messages: (Array.isArray(messages) ? messages : [messages]).map((body: unknown, i) => ({
      body,
      sequenceNumber: textOf(fieldsOf(systemProperties[i])['sequenceNumber']),
      enqueued: enqueued[i],
    })),
    host: traceContext?.traceParent,
    producers: producersOf(listOf(triggerMetadata['propertiesArray'])),
  };
}

/** Spans that sent the messages, each once. SDKs write `Diagnostic-Id` or `traceparent`; the library changes its case. */
function producersOf(properties: readonly unknown[]): readonly string[] {
  const found = properties.flatMap((one) =>
    Object.entries(fieldsOf(one)).flatMap(([key, value]) =>
      typeof value === 'string' && /^(?:diagnostic-id|traceparent)$/i.test(key) ? [value] : [],
    ),
  );
  return [...new Set(found)];
}

/** @throws IncompleteTrigger when the host left out hub, partition, or the sequence number of a message. */
export function complete(batch: Batch): Batch {
  const missing = [
    ...(batch.hub === unknown ? ['the hub (partitionContext.eventHubName)'] : []),
    ...(batch.partition === unknown ? ['the partition (partitionContext.partitionId)'] : []),
    ...(batch.messages.some(({ sequenceNumber }) => sequenceNumber === unknown)
      ? ['the sequence number of each message (systemPropertiesArray)']
      : []),
  ];
  if (missing.length === 0) return batch;
  throw new IncompleteTrigger(
    `The Functions host did not pass ${missing.join(', ')}; without it records and dead letters have no id.`,
  );
}

/** The host passes these times without a zone; they are UTC. */
function utcTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const time = new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  return text === '' ? unknown : text;
}
