import type { Batch } from '../../../shared/batch';
import type { DeadLetters } from '../../../shared/delivery/deadLetters';
import type { Sender } from '../../../shared/delivery/sender';
import { Pipeline } from '../../../shared/pipeline';
import { defaultTransformSettings, type TransformSettings } from '../../../shared/transform/transformSettings';

export function pipelineOf(
  sender: Sender,
  deadLetters: DeadLetters,
  ruleIds = ['dcr-1'],
  budgetSeconds = 20,
  transform: TransformSettings = defaultTransformSettings,
): Pipeline {
  const ingestion = { ruleIds, concurrency: 4, budgetSeconds };
  return new Pipeline({ transform, ingestion, sender, deadLetters });
}

export function batchOf(bodies: readonly unknown[], partition = '0'): Batch {
  return { hub: 'hub', partition, messages: bodies.map((body, i) => ({ body, sequenceNumber: String(100 + i) })) };
}

export function recordOf(id: number, more: Readonly<Record<string, unknown>> = {}): object {
  const properties = {
    Timestamp: '2026-01-01T00:00:00Z',
    DeviceId: 'd',
    ReportId: id,
    ActionType: 'ConnectionSuccess',
    ...more,
  };
  return { category: 'AdvancedHunting-DeviceNetworkEvents', tenantId: 't', properties };
}

export function message(...records: readonly unknown[]): Buffer {
  return Buffer.from(JSON.stringify({ records }));
}

/** Rows of 50 KB each, so that 40 of them take three chunks. */
export function largeBatch(): Batch {
  const CommandLine = 'x'.repeat(50_000);
  return batchOf([
    ...Array.from({ length: 40 }, (_, id) => message(recordOf(id, { InitiatingProcessCommandLine: CommandLine }))),
    Buffer.from('broken'),
  ]);
}
