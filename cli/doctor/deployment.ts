import type { EventHubConnection, IngestionSettings } from '../../shared/config';
import { type Config, ConfigError, type Environment, readConfig } from '../../shared/config';
import { settings } from '../../shared/settings';
import { namespaceOf } from '../azure/hubClients';
import type { DeployedApp } from './deployedApp';
import {
  type Checkpoint,
  type CheckpointScope,
  NoCheckpoints,
  openCheckpoints,
  readCheckpoints,
} from './hostCheckpoints';
import { HubProbe } from './hubProbe';
import { type PartitionProgress, progressOf } from './partitionProgress';
import { askRule, type RuleAnswer } from './ruleProbe';
import { ServerClocks } from './serverClocks';
import { SignIns } from './signIns';
import { askTelemetry } from './telemetryProbe';
import { once, within } from './timeLimit';

type HubSettings = Pick<Config, 'eventHub' | 'eventHubNames' | 'consumerGroup' | 'deadLetterEventHub'>;

/** What the checks look at: the settings, and everything they lead to, asked once each. */
export class Deployment {
  /** What is wrong with the settings. */
  readonly problems: readonly string[];
  /** Undefined when a setting that leads there is wrong. */
  readonly hubs: HubSettings | undefined;
  readonly ingestion: IngestionSettings | undefined;
  readonly signIns: SignIns;
  readonly clocks = new ServerClocks();

  constructor(
    readonly environment: Environment,
    /** The app in Azure that the settings are of, if they are. */
    readonly app: DeployedApp | undefined,
    /** For one question. */
    readonly seconds: number,
  ) {
    this.problems = problemsOf(environment);
    this.hubs = read({ ...anyRule, ...only(hubParts, environment) });
    this.ingestion = read({ ...anyHub, ...only(ingestionParts, environment) })?.ingestion;
    this.signIns = new SignIns(environment, seconds);
  }

  /** Whether all of it is on this machine. */
  get isLocal(): boolean {
    return this.hubs !== undefined && /^(?:127\.0\.0\.1|localhost)(?::|$)/.test(namespaceOf(this.hubs.eventHub));
  }

  readonly #probes: HubProbe[] = [];
  readonly #probe = once(async (hub: string) => {
    const connection = this.requireHubs().eventHub;
    const probe = new HubProbe(hub, connection, this.signIns.credential(clientIdOf(connection)), this.seconds);
    this.#probes.push(probe);
    return probe;
  });

  probe(hub: string): Promise<HubProbe> {
    return this.#probe(hub);
  }

  readonly answerOf = once((ruleId: string): Promise<RuleAnswer> => {
    if (this.ingestion === undefined) throw new Error('The settings of the rules are wrong.');
    const { clocks, seconds, ingestion } = this;
    return askRule(ruleId, ingestion, { credential: this.signIns.credential(ingestion.clientId), clocks, seconds });
  });

  /** Status of the answer of Application Insights; undefined when telemetry is switched off. */
  readonly telemetryAnswer = once(() => askTelemetry(this.environment, this));

  /** How far the app has come in each partition of a hub. @throws NoCheckpoints, or what keeps the hub from answering */
  readonly progress = once(async (hub: string): Promise<readonly PartitionProgress[]> => {
    const { eventHub, consumerGroup } = this.requireHubs();
    const scope = { namespace: namespaceOf(eventHub).replace(/:\d+$/, ''), hub, group: consumerGroup };
    const checkpoints = await this.checkpoints(scope);
    const probe = await this.probe(hub);
    const [partitions, made] = await Promise.all([probe.partitions(), probe.made()]);
    return Promise.all(
      partitions.map(async (id) => progressOf(probe, await probe.partition(id), checkpoints.get(id), made)),
    );
  });

  async close(): Promise<void> {
    await Promise.all(this.#probes.map(async (probe) => probe.close()));
  }

  private async checkpoints(scope: CheckpointScope): Promise<ReadonlyMap<string, Checkpoint>> {
    try {
      const client = await openCheckpoints(this.environment, (clientId) => this.signIns.credential(clientId));
      return await within(this.seconds, async (signal) => readCheckpoints(client, scope, signal));
    } catch (cause) {
      throw new NoCheckpoints('The checkpoints cannot be read.', { cause });
    }
  }

  private requireHubs(): HubSettings {
    if (this.hubs === undefined) throw new Error('The settings of Event Hubs are wrong.');
    return this.hubs;
  }
}

/** A part is read from its own settings alone, so that a mistake elsewhere does not hide it. */
const hubParts = [
  'eventHubConnection',
  'eventHubNamespace',
  'eventHubCredential',
  'eventHubClientId',
  'eventHubNames',
  'consumerGroup',
  'deadLetterEventHub',
] as const;
const ingestionParts = [
  'endpoint',
  'ruleIds',
  'stream',
  'audience',
  'clientId',
  'concurrency',
  'timeoutSeconds',
  'budgetSeconds',
] as const;
/** Required of the app, and of no use to the other part. */
const anyHub = { EventHub__fullyQualifiedNamespace: 'unused.invalid' };
const anyRule = { LOGS_INGESTION_ENDPOINT: 'https://unused.invalid', LOGS_INGESTION_RULE_IDS: 'dcr-unused' };

function only(parts: readonly (keyof typeof settings)[], environment: Environment): Environment {
  return Object.fromEntries(parts.map((part) => [settings[part].name, environment[settings[part].name]]));
}

function read(environment: Environment): Config | undefined {
  try {
    return readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

export function clientIdOf(connection: EventHubConnection): string | undefined {
  return 'connectionString' in connection ? undefined : connection.clientId;
}
