import { settings } from '../../shared/appSettings';
import { type Config, type Environment, type IngestionSettings, readConfig } from '../../shared/config';
import { UsageError } from '../common/exit';

/** The app's settings for its connection and its hubs. */
export type HubConfig = Pick<Config, 'eventHub' | 'eventHubNames' | 'consumerGroup' | 'deadLetterEventHub'>;

const hubSettings = [
  settings.eventHubConnection,
  settings.eventHubNamespace,
  settings.eventHubCredential,
  settings.eventHubClientId,
  settings.eventHubNames,
  settings.consumerGroup,
  settings.deadLetterEventHub,
];
const ingestionSettings = [
  settings.endpoint,
  settings.ruleIds,
  settings.stream,
  settings.audience,
  settings.clientId,
  settings.concurrency,
  settings.timeoutSeconds,
  settings.budgetSeconds,
];
/** The app requires these too; the part that is read here does not need them. */
const anyHub = { EventHub__fullyQualifiedNamespace: 'unused.invalid' };
const anyRule = { LOGS_INGESTION_ENDPOINT: 'https://unused.invalid', LOGS_INGESTION_RULE_IDS: 'dcr-unused' };

/** Checks and reads the settings of Event Hubs alone, so that a mistake elsewhere does not matter. @throws ConfigError */
export function readHubConfig(environment: Environment): HubConfig {
  return readConfig({ ...anyRule, ...valuesOf(hubSettings, environment) });
}

/** The same for the settings of Logs Ingestion. @throws ConfigError */
export function readIngestionConfig(environment: Environment): IngestionSettings {
  return readConfig({ ...anyHub, ...valuesOf(ingestionSettings, environment) }).ingestion;
}

function valuesOf(some: readonly { readonly name: string }[], environment: Environment): Environment {
  return Object.fromEntries(some.map(({ name }) => [name, environment[name]]));
}

/** The hub of --hub, or the only one that the app reads. @throws UsageError */
export function hubNamed({ eventHubNames }: HubConfig, name: string | undefined): string {
  const [only = '', ...others] = eventHubNames;
  if (name !== undefined) return eventHubNames.find((hub) => hub.toLowerCase() === name.toLowerCase()) ?? name;
  if (others.length === 0) return only;
  throw new UsageError(`EVENT_HUB_NAMES has several hubs (${eventHubNames.join(', ')}): name one with --hub.`);
}
