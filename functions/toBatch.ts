import type { InvocationContext } from '@azure/functions';
import { IncompleteTrigger } from '../shared/incompleteTrigger';
import type { RecordedBatch } from '../shared/telemetry/signalledBatch';
import type { Batch } from '../shared/transformBatch';

/** A batch, and what the host tells besides. */
export interface TriggerBatch extends Batch, RecordedBatch {
  readonly messages: Batch['messages'];
  /** Since when its oldest message has been waiting in the hub. */
  readonly oldestEnqueued: Date | undefined;
}

/** In place of what the host did not tell; no hub can have this name. */
const unknown = '(unknown)';

/** Before anything is known of it. */
export const unknownBatch: TriggerBatch = {
  hub: unknown,
  partition: unknown,
  messages: [],
  oldestEnqueued: undefined,
  enqueued: [],
  host: undefined,
  producers: [],
};

/** The invocation as the pipeline sees it: hub, partition, and each body with its sequence number; `(unknown)` where the host gave none. */
export function toBatch(
  messages: unknown,
  { invocationId, triggerMetadata = {}, traceContext }: InvocationContext,
): TriggerBatch {
  // Newer hosts give both.
  const partition = {
    ...fieldsOf(triggerMetadata['triggerPartitionContext']),
    ...fieldsOf(triggerMetadata['partitionContext']),
  };
  const positions = listOf(triggerMetadata['systemPropertiesArray']);
  const enqueued = listOf(triggerMetadata['enqueuedTimeUtcArray']).map(utcTime);
  return {
    hub: textOf(partition['eventHubName']),
    partition: textOf(partition['partitionId']),
    invocationId,
    messages: (Array.isArray(messages) ? messages : [messages]).map((body: unknown, i) => ({
      body,
      sequenceNumber: textOf(fieldsOf(positions[i])['sequenceNumber']),
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

/** @throws IncompleteTrigger when the host did not tell hub, partition, or the sequence number of a message. */
export function complete(batch: TriggerBatch): TriggerBatch {
  const missing = [
    ...(batch.hub === unknown ? ['the hub (partitionContext.eventHubName)'] : []),
    ...(batch.partition === unknown ? ['the partition (partitionContext.partitionId)'] : []),
    ...(batch.messages.some(({ sequenceNumber }) => sequenceNumber === unknown)
      ? ['the sequence number of each message (systemPropertiesArray)']
      : []),
  ];
  if (missing.length === 0) return batch;
  throw new IncompleteTrigger(
    `The Functions host did not tell ${missing.join(', ')}: records and dead letters are known by it. The batch is held. Check the version of the extension bundle in host.json.`,
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
  const text = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' ? String(value) : '';
  return text === '' ? unknown : text;
}
