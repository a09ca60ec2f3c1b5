import type { InvocationContext } from '@azure/functions';
import type { Batch } from '../shared/pipeline';

/** The invocation as the pipeline sees it: hub, partition, and each body with its sequence number. */
export function toBatch(messages: unknown, { triggerMetadata = {} }: InvocationContext): Batch {
  const partition = fieldsOf(triggerMetadata['partitionContext']);
  const positions = triggerMetadata['systemPropertiesArray'];
  return {
    hub: textOf(partition['eventHubName']),
    partition: textOf(partition['partitionId']),
    messages: (Array.isArray(messages) ? messages : [messages]).map((body: unknown, i) => ({
      body,
      sequenceNumber: textOf(fieldsOf(Array.isArray(positions) ? positions[i] : undefined)['sequenceNumber']),
    })),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint'
    ? String(value)
    : 'unknown';
}
