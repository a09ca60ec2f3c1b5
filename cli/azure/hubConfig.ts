import { settings } from '../../shared/appSettings';
import { type Config, type Environment, readConfig } from '../../shared/config';

/** What a command needs to know of the app's settings to reach its hubs. */
export type HubConfig = Pick<Config, 'eventHub' | 'eventHubNames' | 'consumerGroup' | 'deadLetterEventHub'>;

const { eventHubConnection, eventHubNamespace, eventHubCredential, eventHubClientId } = settings;
const connection = [eventHubConnection, eventHubNamespace, eventHubCredential, eventHubClientId];
const used = [...connection, settings.eventHubNames, settings.consumerGroup, settings.deadLetterEventHub];

/** Required of the app, of no use here: whoever only reaches the hubs need not have a rule. */
const unused = { LOGS_INGESTION_ENDPOINT: 'https://unused.invalid', LOGS_INGESTION_RULE_IDS: 'dcr-unused' };

/** Reads and checks the settings that concern Event Hubs, by the app's own rules. @throws ConfigError */
export function readHubConfig(environment: Environment): HubConfig {
  return readConfig({ ...unused, ...Object.fromEntries(used.map(({ name }) => [name, environment[name]])) });
}
