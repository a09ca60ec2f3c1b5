import { ConfigError, type Environment, type EventHubConnection, readConfig } from '../../shared/config';
import { namespaceOf } from '../azure/hubClients';
import { type HubConfig, readHubConfig, readIngestionConfig } from '../azure/partialConfig';
import { askDcr, type DcrAnswer } from './dcrProbe';
import type { DeployedApp } from './deployedApp';
import { checkpointsReader, NoCheckpoints } from './hostCheckpoints';
import { HubProbe } from './hubProbe';
import { type PartitionProgress, progressOf } from './partitionProgress';
import { ServerClocks } from './serverClocks';
import { SignIns } from './signIns';
import { askTelemetry } from './telemetryProbe';
import { once, within } from './timeLimit';
import type { WorkspaceAccess } from './workspaceAccess';

/** What the checks look at: the settings, and the services that they lead to. Each service is asked once. */
export class Deployment {
  /** What is wrong with the settings. */
  readonly problems: readonly string[];
  /** Undefined when one of their settings is wrong. */
  readonly hubs;
  readonly ingestion;
  readonly signIns: SignIns;
  readonly clocks = new ServerClocks();

  constructor(
    readonly environment: Environment,
    /** The app in Azure that has these settings; undefined when they are not from Azure. */
    readonly app: DeployedApp | undefined,
    /** The time limit of one question. */
    readonly seconds: number,
    /** The workspace of the rows; undefined when nobody named it. */
    readonly workspace?: WorkspaceAccess,
  ) {
    this.problems = read(() => void readConfig(environment)) ?? [];
    this.hubs = configOf(() => readHubConfig(environment));
    this.ingestion = configOf(() => readIngestionConfig(environment));
    this.signIns = new SignIns(environment, seconds);
  }

  /** Whether everything runs on this machine. */
  get isLocal(): boolean {
    return this.hubs !== undefined && /^(?:127\.0\.0\.1|localhost)(?::|$)/.test(namespaceOf(this.hubs.eventHub));
  }

  readonly #probes: HubProbe[] = [];

  readonly probe = once(async (hub: string) => {
    const { eventHub } = this.requireHubs();
    const probe = new HubProbe(hub, eventHub, this.signIns.credential(clientIdOf(eventHub)), this.seconds);
    this.#probes.push(probe);
    return probe;
  });

  readonly answerOf = once((dcrId: string): Promise<DcrAnswer> => {
    if (this.ingestion === undefined) throw new Error('The settings of Logs Ingestion are wrong.');
    const { clocks, seconds, ingestion } = this;
    return askDcr(dcrId, ingestion, { credential: this.signIns.credential(ingestion.clientId), clocks, seconds });
  });

  /** The status that Application Insights answered; undefined when telemetry is switched off. */
  readonly telemetryAnswer = once(() => askTelemetry(this.environment, this));

  /** How far the app has read each partition of a hub. @throws NoCheckpoints, or the reason why the hub does not answer */
  readonly progress = once(async (hub: string): Promise<readonly PartitionProgress[]> => {
    const { eventHub, consumerGroup } = this.requireHubs();
    const namespace = namespaceOf(eventHub).replace(/:\d+$/, '');
    const checkpoints = await within(this.seconds, async (signal) => {
      const readCheckpoints = await checkpointsReader(this.environment, (clientId) =>
        this.signIns.credential(clientId),
      );
      return readCheckpoints({ namespace, hub, group: consumerGroup }, signal);
    }).catch((cause: unknown) => {
      throw new NoCheckpoints('The checkpoints cannot be read.', { cause });
    });
    const probe = await this.probe(hub);
    const [partitions, created] = await Promise.all([probe.partitions(), probe.created()]);
    return Promise.all(
      partitions.map(async (id) => progressOf(probe, await probe.partition(id), checkpoints.get(id), created)),
    );
  });

  async close(): Promise<void> {
    await Promise.all(this.#probes.map(async (probe) => probe.close()));
  }

  private requireHubs(): HubConfig {
    if (this.hubs === undefined) throw new Error('The settings of Event Hubs are wrong.');
    return this.hubs;
  }
}

function configOf<T>(readPart: () => T): T | undefined {
  const found: { config?: T } = {};
  read(() => (found.config = readPart()));
  return found.config;
}

/** The problems of settings that cannot be read; undefined when they can. */
function read(config: () => unknown): readonly string[] | undefined {
  try {
    config();
    return undefined;
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

export function clientIdOf(connection: EventHubConnection): string | undefined {
  return 'connectionString' in connection ? undefined : connection.clientId;
}
