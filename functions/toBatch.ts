import type { InvocationContext } from '@azure/functions';
import type { RecordedBatch } from '../shared/telemetry/signalledBatch';
import type { Batch } from '../shared/transformBatch';

/** A batch, and what the host tells besides. */
export interface TriggerBatch extends Batch, RecordedBatch {
  readonly messages: Batch['messages'];
  /** Since when its oldest message has been waiting in the hub. */
  readonly oldestEnqueued: Date | undefined;
}

/** The invocation as the pipeline sees it: hub, partition, and each body with its sequence number. */
export function toBatch(
  messages: unknown,
  { invocationId, triggerMetadata = {}, traceContext }: InvocationContext,
): TriggerBatch {
  const partition = fieldsOf(triggerMetadata['partitionContext']);
  const positions = listOf(triggerMetadata['systemPropertiesArray']);
  const enqueued = listOf(triggerMetadata['enqueuedTimeUtcArray']).map(utcTime);
  return {
    hub: textOf(partition['eventHubName']),
    partition: textOf(partition['partitionId']),
    invocationId,
    messages: (Array.isArray(messages) ? messages : [messages]).map((body: unknown, i) => ({
      body,
      sequenceNumber: sequenceNumberOf(positions[i]),
    })),
    oldestEnqueued: enqueued[0],
    enqueued,
    host: traceContext?.traceParent,
    producers: producersOf(listOf(triggerMetadata['propertiesArray'])),
  };
}

/** Spans that sent the messages, each once: the SDKs write `Diagnostic-Id` or `traceparent`, the library changes its case. */
function producersOf(properties: readonly unknown[]): readonly string[] {
  const found = properties.flatMap((one) =>
    Object.entries(fieldsOf(one)).flatMap(([key, value]) =>
      typeof value === 'string' && /^(?:diagnostic-id|traceparent)$/i.test(key) ? [value] : [],
    ),
  );
  return [...new Set(found)];
}

/** @throws when the host gave none: without it two records could not be told apart, so the batch is better held. */
function sequenceNumberOf(position: unknown): string {
  const sequenceNumber = textOf(fieldsOf(position)['sequenceNumber']);
  if (sequenceNumber !== 'unknown') return sequenceNumber;
  throw new TypeError(
    'The trigger gave a message without a sequence number (systemPropertiesArray); the batch is held.',
  );
}

/** The host gives these times without a zone; they are UTC. */
function utcTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const time = new Date(/(?:Z|[+-]\d\d:?\d\d)$/i.test(value) ? value : `${value}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : 'unknown';
}
