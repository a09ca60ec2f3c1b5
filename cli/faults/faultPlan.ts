import type { EventHubsFault, InjectedFault } from 'azure-emulators/eventhubs';
import type { FunctionsHost } from 'azure-emulators/host';
import type { IdentityFault } from 'azure-emulators/identity';
import type { IngestionFault } from 'azure-emulators/ingestion';
import { Random } from 'defender-samples/random';
import type { Services } from '../emulators/services';

/**
 * The faults of a run. Each kind is planned once, at a position that the seed draws, so that even the shortest run has it;
 * after that it fires at random, with the given probability for each operation. Sends to the dead-letter hub have a quarter
 * of the probability: each lost acknowledgement there costs the app 15 s.
 */
const hubFaults: readonly { readonly rule: EventHubsFault; readonly probability: number; readonly within: number }[] = [
  { rule: { on: 'connection', kind: 'reset' }, probability: 0.02, within: 1 },
  { rule: { on: 'cbs', kind: 'busy' }, probability: 0.02, within: 4 },
  { rule: { on: 'attach', kind: 'busy' }, probability: 0.02, within: 4 },
  { rule: { on: 'management', kind: 'drop' }, probability: 0.01, within: 3 },
  { rule: { on: 'send', kind: 'busy' }, probability: 0.01, within: 20 },
  { rule: { on: 'send', kind: 'detach' }, probability: 0.004, within: 20 },
  { rule: { on: 'send', kind: 'loseAcknowledgement' }, probability: 0.004, within: 20 },
  { rule: { on: 'deliver', kind: 'detach' }, probability: 0.004, within: 20 },
  { rule: { on: 'deliver', kind: 'reset' }, probability: 0.002, within: 20 },
];

type Named<Fault> = readonly [name: string, fault: Fault, probability: number];

/** The faults by the names under which the emulator counts them. */
const ingestionFaults: readonly Named<IngestionFault>[] = [
  ['status 429 with Retry-After', { kind: 'status', status: 429, retryAfterSeconds: 1 }, 0.03],
  ['status 429', { kind: 'status', status: 429 }, 0.02],
  ['status 500', { kind: 'status', status: 500 }, 0.02],
  ['status 503', { kind: 'status', status: 503 }, 0.005],
  ['status 503 with Retry-After', { kind: 'status', status: 503, retryAfterSeconds: 1 }, 0.01],
  ['status 408', { kind: 'status', status: 408 }, 0.01],
  ['reset', { kind: 'reset' }, 0.02],
  ['storeThenReset', { kind: 'storeThenReset' }, 0.015],
  ['storeThenStatus 503', { kind: 'storeThenStatus', status: 503 }, 0.015],
  ['silence', { kind: 'silence' }, 0.004],
  ['slowBody', { kind: 'slowBody', milliseconds: 200 }, 0.02],
  ['slowAnswer', { kind: 'slowAnswer', milliseconds: 200 }, 0.02],
];
const noRole: Named<IngestionFault> = ['status 403', { kind: 'status', status: 403 }, 0.003];

const identityFaults: readonly Named<IdentityFault>[] = [
  ['status 500', { kind: 'status', status: 500 }, 0.1],
  ['status 429', { kind: 'status', status: 429 }, 0.05],
  ['shortLife', { kind: 'shortLife', seconds: 5 }, 0.2],
];

const killProbability = 0.04;
const killMoments = ['before', 'during', 'after'] as const;
/** At this interval an instance loses its partitions. */
const rebalanceEveryMs = 20_000;
/** A fault of the host fires each time that this share of the stream is settled. */
const hostFaultEvery = 0.08;

/** Calls that are rejected before the app has its role on the DCR. */
const callsWithoutRole = 5;
/**
 * Then the same rows meet these faults, one by one, while no worker is killed. An app that takes one of them for a success
 * loses these rows. Later a killed worker could hide that, because its batches are redelivered.
 */
const withoutAnswer: readonly IngestionFault[] = [
  { kind: 'silence' },
  { kind: 'reset' },
  { kind: 'status', status: 503 },
];
/** More than the attempts of one write, so that the batch of the first dead letter is held. */
const rejectedDeadLetterSends = 4;

/**
 * The host's waits (retries, load balancing) are shorter than in Azure by this factor. A held batch is redelivered
 * after 50 ms at first, and after 3 s at most.
 */
export const clockScale = 0.01;

/** App settings with shorter time limits than in Azure, so that a run takes minutes. */
export function impatientSettings(records: number): Readonly<Record<string, string>> {
  const host = 'AzureFunctionsJobHost__extensions__eventHubs__';
  return {
    LOGS_INGESTION_TIMEOUT_SECONDS: '5',
    DELIVERY_BUDGET_SECONDS: '30',
    AzureFunctionsJobHost__functionTimeout: '00:01:30',
    // Small batches for few records, so that there are enough of them for every fault. At most as in host.json.
    [`${host}maxEventBatchSize`]: String(Math.min(16, Math.max(2, Math.round(records / 2500)))),
    // Longer than the clock's scale would make them, so that a busy instance keeps its partitions.
    [`${host}loadBalancingUpdateInterval`]: '00:02:30',
    [`${host}partitionOwnershipExpirationInterval`]: '00:10:00',
  };
}

export interface RunningFaults {
  /** How often each kind has fired until now, 0 included. */
  counts(): Record<string, number>;
  /** Call with the share of the stream that is settled, 0 to 1. */
  settled(share: number): void;
  stop(): void;
}

/**
 * Injects the faults that happen before the stream begins, while the hub has only two messages, so that each fault meets the
 * intended batch: the role on the DCR is missing, calls get no answer, and the dead-letter hub rejects everything.
 */
export function injectFirstFaults({ eventHubs, ingestion, deadLetterHub }: Services): InjectedFault {
  ingestion.faults.inject({ ...noRole[1], times: callsWithoutRole });
  for (const fault of withoutAnswer) ingestion.faults.inject(fault);
  return eventHubs.faults.inject({ on: 'send', hub: deadLetterHub, kind: 'busy', times: rejectedDeadLetterSends });
}

/** Starts all other faults; the same seed draws the same numbers. */
export function startFaults(
  services: Services,
  host: FunctionsHost,
  seed: number,
  rejectedDeadLetters: InjectedFault,
): RunningFaults {
  const { eventHubs, ingestion, identity } = services;
  const random = new Random(seed);
  for (const [i, [, fault]] of random.shuffled(ingestionFaults).entries()) {
    ingestion.faults.inject({ ...fault, after: 2 * i });
  }
  for (const [i, [, fault, probability]] of [...ingestionFaults, noRole].entries()) {
    ingestion.faults.inject({ ...fault, probability, seed: seed + i });
  }
  for (const [, fault] of random.shuffled(identityFaults)) identity.faults.inject(fault);
  for (const [i, [, fault, probability]] of identityFaults.entries()) {
    identity.faults.inject({ ...fault, probability, seed: seed + i });
  }
  const hubs = hubFaults.map(({ rule, probability, within }, i) => {
    const [where, elsewhere] = rule.on === 'send' ? [{ hub: services.hub }, { hub: services.deadLetterHub }] : [{}];
    const injected = [
      eventHubs.faults.inject({ ...rule, ...where, after: random.below(within), times: 1 }),
      eventHubs.faults.inject({ ...rule, ...where, probability, seed: seed + i }),
    ];
    if (elsewhere !== undefined) {
      injected.push(eventHubs.faults.inject({ ...rule, ...elsewhere, probability: probability / 4, seed: seed + i }));
    }
    return {
      name: `hub ${rule.on} ${rule.kind}`,
      fired: () => injected.reduce((sum, { fired }) => sum + fired, 0),
    };
  });
  let rebalances = 0;
  function rebalance(): void {
    rebalances++;
    host.rebalance().catch(() => undefined);
  }
  const waiting = random.shuffled<() => unknown>([
    ...killMoments.map((moment) => () => host.faults.inject({ kind: 'killWorker', moment })),
    () => host.faults.inject({ kind: 'timeOut' }),
    rebalance,
  ]);
  const hostFaults = waiting.length;
  for (const [i, moment] of killMoments.entries()) {
    host.faults.inject({
      kind: 'killWorker',
      moment,
      probability: killProbability / killMoments.length,
      seed: seed + i,
    });
  }
  const rebalancing = setInterval(rebalance, rebalanceEveryMs);
  return {
    counts: () => {
      const ofHost = host.faults.fired();
      return {
        ...Object.fromEntries(hubs.map(({ name, fired }) => [name, fired()])),
        'dead-letter hub send busy': rejectedDeadLetters.fired,
        ...firedOf('ingestion', [...ingestionFaults, noRole], ingestion.faults.fired()),
        ...firedOf('identity', identityFaults, identity.faults.fired()),
        'host kill before a batch': ofHost['killWorker before'] ?? 0,
        'host kill during a batch': ofHost['killWorker during'] ?? 0,
        'host kill after a batch': ofHost['killWorker after'] ?? 0,
        'host time-out': ofHost['timeOut'] ?? 0,
        'host rebalance': rebalances,
      };
    },
    settled(share) {
      while (share >= hostFaultEvery * (1 + hostFaults - waiting.length) && waiting.length > 0) waiting.shift()?.();
    },
    stop() {
      clearInterval(rebalancing);
      eventHubs.faults.clear();
      ingestion.faults.clear();
      identity.faults.clear();
      host.faults.clear();
    },
  };
}

function firedOf<Fault>(
  part: string,
  faults: readonly Named<Fault>[],
  fired: Readonly<Record<string, number>>,
): Record<string, number> {
  return Object.fromEntries(faults.map(([name]) => [`${part} ${name}`, fired[name] ?? 0]));
}
