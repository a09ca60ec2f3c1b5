import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { HostError, readHostJson } from 'azure-emulators/host/hostJson';
import { marginSeconds } from '../../../shared/contradictions';
import { fieldsOf } from '../../../shared/fieldsOf';
import { number } from '../../common/numberText';
import { setIn } from '../../common/settingsSource';
import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { type Finding, ok, unknown, warning, wrong } from '../finding';

const root = resolve(__dirname, '../../..');
/** The template's default, where the app itself does not say. */
const defaultMemoryMb = 2048;
/** The share of an instance's memory for the events that the host holds and for the worker. */
const share = 0.8;

export const hostJsonCheck: Check = {
  id: 'hostJson',
  question: 'Does host.json fit?',
  how: 'The host.json of this folder, with the `AzureFunctionsJobHost__` settings put over it, is compared with the rules of docs/host.md. Memory: what the host holds (partitions x (batch + prefetch) x 1 MB) and the worker at its measured peak (`infra/workerMemory.json`) may take 80% of an instance. On Flex Consumption an instance works on one hub, elsewhere perhaps on all.',
  assumes:
    'That the deployed host.json is the one of this folder; 2,048 MB for an instance unless `--app` shows another size.',
  run: async (deployment) => {
    try {
      return await findingsOf(deployment);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      return [wrong('host.json', error.message, 'Correct it: the host does not start with it. See docs/host.md.')];
    }
  },
};

async function findingsOf(deployment: Deployment): Promise<readonly Finding[]> {
  const { eventHubs, functionTimeoutMs, unknown: unknownNames } = readHostJson(root, setIn(deployment.environment));
  const { start, batchCheckpointFrequency: frequency, maxEventBatchSize, prefetchCount } = eventHubs;
  const { extensionBundle } = fieldsOf(JSON.parse(await readFile(join(root, 'host.json'), 'utf8')));
  const bundle = String(fieldsOf(extensionBundle)['version']);
  const { budgetSeconds = 0, timeoutSeconds = 0 } = deployment.ingestion ?? {};
  const longest = budgetSeconds + timeoutSeconds;
  const found: Finding[] = [];
  if (!/^[[(]?4\./.test(bundle)) {
    found.push(
      warning('extensionBundle', `The range is ${bundle}.`, 'Use [4.*, 5.0.0): the app was built for this range.'),
    );
  }
  if (start.type !== 'start') {
    const next = 'Use fromStart: otherwise the app skips what is in the hub.';
    found.push(wrong('initialOffsetOptions', `A new deployment begins at ${start.type}.`, next));
  }
  if (frequency !== 1) {
    found.push(
      warning('batchCheckpointFrequency', `Is ${frequency}.`, 'Use 1: fewer events are redelivered after a crash.'),
    );
  }
  if (functionTimeoutMs !== undefined && functionTimeoutMs < (longest + marginSeconds) * 1000) {
    found.push(
      wrong(
        'functionTimeout',
        `Is ${functionTimeoutMs / 1000} s; DELIVERY_BUDGET_SECONDS and LOGS_INGESTION_TIMEOUT_SECONDS are together ${longest} s.`,
        `Make functionTimeout longer or one of them shorter, with ${marginSeconds} s between: after functionTimeout the host restarts the worker with every batch in flight.`,
      ),
    );
  }
  for (const name of unknownNames)
    found.push(warning(name, 'The host does not know this value.', 'Correct the name or remove it.'));
  if (found.length === 0) {
    const values = `Bundle ${bundle}, batches of ${maxEventBatchSize}, prefetch ${prefetchCount}.`;
    found.push(ok('values', values));
  }
  return [...found, await memoryOf(deployment, maxEventBatchSize + prefetchCount)];
}

async function memoryOf(deployment: Deployment, eventsPerPartition: number): Promise<Finding> {
  const names = deployment.hubs?.eventHubNames ?? [];
  const counts = await Promise.all(
    names.map(async (hub) => (await (await deployment.probe(hub)).partitions()).length),
  ).catch((): number[] => []);
  if (counts.length === 0) return unknown('memory', 'The number of partitions is not known.', 'See the check hubs.');
  const flexMemoryMb = deployment.app?.memoryMb;
  const partitions = flexMemoryMb === undefined ? counts.reduce((sum, count) => sum + count, 0) : Math.max(...counts);
  const memoryMb = flexMemoryMb ?? defaultMemoryMb;
  const { baseMB, partitionMB } = fieldsOf(JSON.parse(await readFile(join(root, 'infra/workerMemory.json'), 'utf8')));
  const hostMb = partitions * eventsPerPartition;
  const workerMb = Number(baseMB) + partitions * Number(partitionMB);
  const allowedMb = Math.floor(memoryMb * share);
  const found = `${partitions} partitions: ${number(hostMb)} MB in the host (${eventsPerPartition} events x 1 MB each) and ${number(workerMb)} MB in the worker; ${number(allowedMb)} MB (80% of ${number(memoryMb)} MB) may be used.`;
  if (hostMb + workerMb <= allowedMb) return ok('memory', found);
  const next =
    'If one instance may own all partitions: lower prefetchCount or maxEventBatchSize, or use larger instances.';
  return warning('memory', found, next);
}
