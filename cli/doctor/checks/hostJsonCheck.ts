import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HostError } from 'azure-emulators/host/checks';
import { readHostJson } from 'azure-emulators/host/hostJson';
import { marginSeconds } from '../../../shared/contradictions';
import { fieldsOf } from '../../common/settingsSource';
import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';

const root = resolve(__dirname, '../../..');
/** What the template deploys, where the settings do not say. */
const usualMemoryMb = 2048;
/** Of the memory of an instance, for the events that the host holds and for the worker. */
const share = 0.8;

export const hostJsonCheck: Check = {
  id: 'hostJson',
  question: 'Does host.json fit?',
  how: 'The host.json of this folder, with the `AzureFunctionsJobHost__` settings put over it, is held against the rules of docs/host.md. Memory: what the host holds (partitions x (batch + prefetch) x 1 MB) and the worker at its measured peak (`infra/workerMemory.json`) are 80% of an instance at most. On Flex Consumption an instance works on one hub, elsewhere perhaps on all.',
  assumes: 'That the deployed host.json is the one of this folder; 2,048 MB for an instance unless `--app` tells.',
  run: async (deployment) =>
    judge(deployment).catch((error: unknown) => {
      if (error instanceof HostError)
        return [
          trouble(
            'wrong',
            'host.json',
            error.message,
            'Correct it: the host does not start with it. See docs/host.md.',
          ),
        ];
      throw error;
    }),
};

async function judge(deployment: Deployment): Promise<readonly Finding[]> {
  const overrides = Object.entries(deployment.environment).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const { eventHubs, functionTimeoutMs, unknown } = readHostJson(root, Object.fromEntries(overrides));
  const { extensionBundle } = fieldsOf(JSON.parse(await readFile(join(root, 'host.json'), 'utf8')));
  const bundle = String(fieldsOf(extensionBundle)['version']);
  const budget = deployment.ingestion?.budgetSeconds ?? 0;
  const attempt = deployment.ingestion?.timeoutSeconds ?? 0;
  const findings = [
    ...(/^[[(]?4\./.test(bundle)
      ? []
      : [
          trouble(
            'warning',
            'extensionBundle',
            `The range is ${bundle}.`,
            'Use [4.*, 5.0.0): what the app was built against.',
          ),
        ]),
    ...(eventHubs.start.type === 'start'
      ? []
      : [
          trouble(
            'wrong',
            'initialOffsetOptions',
            `A new deployment begins at ${eventHubs.start.type}.`,
            'Use fromStart: otherwise what is in the hub is passed over.',
          ),
        ]),
    ...(eventHubs.batchCheckpointFrequency === 1
      ? []
      : [
          trouble(
            'warning',
            'batchCheckpointFrequency',
            `Is ${eventHubs.batchCheckpointFrequency}.`,
            'Use 1: after a crash less comes again.',
          ),
        ]),
    ...(functionTimeoutMs === undefined || functionTimeoutMs >= (budget + attempt + marginSeconds) * 1000
      ? []
      : [
          trouble(
            'wrong',
            'functionTimeout',
            `Is ${functionTimeoutMs / 1000} s; DELIVERY_BUDGET_SECONDS and LOGS_INGESTION_TIMEOUT_SECONDS are together ${budget + attempt} s.`,
            `Make functionTimeout longer or one of them shorter, with ${marginSeconds} s between: when it is over, the host restarts the worker with every batch in flight.`,
          ),
        ]),
    ...unknown.map((name) =>
      trouble('warning', name, 'Is no value that the host knows.', 'Correct the name or take it out.'),
    ),
  ];
  const memory = await memoryOf(deployment, eventHubs.maxEventBatchSize + eventHubs.prefetchCount);
  return [
    ...(findings.length > 0
      ? findings
      : [
          ok(
            'values',
            `Bundle ${bundle}, batches of ${eventHubs.maxEventBatchSize}, prefetch ${eventHubs.prefetchCount}.`,
          ),
        ]),
    memory,
  ];
}

async function memoryOf(deployment: Deployment, eventsAPartition: number): Promise<Finding> {
  const names = deployment.hubs?.eventHubNames ?? [];
  const counts = await Promise.all(
    names.map(async (hub) =>
      (await deployment.probe(hub)).partitions().then(
        (found) => found.length,
        () => undefined,
      ),
    ),
  );
  if (names.length === 0 || counts.includes(undefined))
    return trouble('unknown', 'memory', 'How many partitions there are is not known.', 'See the check hubs.');
  const all = counts.map((count) => count ?? 0);
  const flexMemoryMb = deployment.app?.memoryMb;
  const partitions = flexMemoryMb === undefined ? all.reduce((sum, count) => sum + count, 0) : Math.max(...all);
  const memoryMb = flexMemoryMb ?? usualMemoryMb;
  const { baseMB, partitionMB } = fieldsOf(JSON.parse(await readFile(join(root, 'infra/workerMemory.json'), 'utf8')));
  const hostMb = partitions * eventsAPartition;
  const workerMb = Number(baseMB) + partitions * Number(partitionMB);
  const neededMb = hostMb + workerMb;
  const allowedMb = Math.floor(memoryMb * share);
  const found = `${partitions} partitions: ${megabytes(hostMb)} in the host (${eventsAPartition} events x 1 MB each) and ${megabytes(workerMb)} in the worker; ${megabytes(allowedMb)} (80% of ${megabytes(memoryMb)}) may be used.`;
  if (neededMb <= allowedMb) return ok('memory', found);
  return trouble(
    'warning',
    'memory',
    found,
    'If one instance may come to hold all partitions: lower prefetchCount or maxEventBatchSize, or use larger instances.',
  );
}

function megabytes(count: number): string {
  return `${count.toLocaleString('en-US')} MB`;
}
