import type { FunctionsHost } from '../../local/host';
import type { Services } from '../../local/runtime';

/** Everything that goes wrong on purpose, as shares of the operations that meet it. */
const hubFaults = [
  { on: 'connection', kind: 'reset', probability: 0.02 },
  { on: 'cbs', kind: 'busy', probability: 0.02 },
  { on: 'attach', kind: 'busy', probability: 0.02 },
  { on: 'management', kind: 'drop', probability: 0.01 },
  { on: 'send', kind: 'busy', probability: 0.01 },
  { on: 'send', kind: 'detach', probability: 0.004 },
  { on: 'send', kind: 'loseAcknowledgement', probability: 0.004 },
  { on: 'deliver', kind: 'detach', probability: 0.004 },
  { on: 'deliver', kind: 'reset', probability: 0.002 },
] as const;

const ingestionFaults = [
  [{ kind: 'status', status: 429, retryAfterSeconds: 1 }, 0.03],
  [{ kind: 'status', status: 429 }, 0.02],
  [{ kind: 'status', status: 500 }, 0.02],
  [{ kind: 'status', status: 503, retryAfterSeconds: 1 }, 0.01],
  [{ kind: 'status', status: 408 }, 0.01],
  [{ kind: 'status', status: 403 }, 0.003],
  [{ kind: 'reset' }, 0.02],
  [{ kind: 'storeThenReset' }, 0.015],
  [{ kind: 'storeThenStatus', status: 503 }, 0.015],
  [{ kind: 'silence' }, 0.004],
  [{ kind: 'slowBody', milliseconds: 200 }, 0.02],
  [{ kind: 'slowAnswer', milliseconds: 200 }, 0.02],
] as const;

const identityFaults = [
  [{ kind: 'status', status: 500 }, 0.1],
  [{ kind: 'status', status: 429 }, 0.05],
  [{ kind: 'shortLife', seconds: 5 }, 0.2],
] as const;

const killProbability = 0.04;
/** Now and then an instance loses its partitions, and a batch runs into the function's time-out. */
const rebalanceEveryMs = 20_000;

/** App settings that make the app give up sooner than in Azure, so that minutes are enough to see everything. */
export const impatientSettings = {
  LOGS_INGESTION_TIMEOUT_SECONDS: '10',
  DELIVERY_BUDGET_SECONDS: '30',
  AzureFunctionsJobHost__functionTimeout: '00:01:30',
  // As in Azure, before the clock is scaled: an instance that is only busy keeps its partitions.
  AzureFunctionsJobHost__extensions__eventHubs__loadBalancingUpdateInterval: '00:00:30',
  AzureFunctionsJobHost__extensions__eventHubs__partitionOwnershipExpirationInterval: '00:02:00',
} as const;

export interface RunningFaults {
  /** What fired until now, by part and kind. */
  counts(): Record<string, number>;
  stop(): void;
}

/** Lets everything go wrong from now on; the same seed draws the same numbers. */
export function letThingsGoWrong(services: Services, host: FunctionsHost, seed: number): RunningFaults {
  for (const [index, fault] of hubFaults.entries()) {
    services.eventHubs.faults.inject({ ...fault, seed: seed + index });
  }
  for (const [fault, probability] of ingestionFaults) services.ingestion.faults.sometimes(fault, probability);
  for (const [fault, probability] of identityFaults) services.identity.faults.sometimes(fault, probability);
  host.faults.seed(seed);
  host.faults.killWorkersWithProbability(killProbability);
  const rebalancing = setInterval(() => {
    host.faults.rebalance().catch(() => undefined);
  }, rebalanceEveryMs);
  return {
    counts: () => ({
      ...prefixed('hub', services.eventHubs.faults.counts()),
      ...prefixed('ingestion', services.ingestion.faults.fired()),
      ...prefixed('identity', services.identity.faults.fired()),
      ...prefixed('host', { ...host.faults.fired }),
    }),
    stop() {
      clearInterval(rebalancing);
      services.eventHubs.faults.clear();
      services.ingestion.faults.clear();
      services.identity.faults.clear();
      host.faults.killWorkersWithProbability(0);
    },
  };
}

function prefixed(part: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([kind, count]) => (count > 0 ? [[`${part} ${kind}`, count]] : [])),
  );
}
