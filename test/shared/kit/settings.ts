import { ConfigError, type Environment, readConfig } from '../../../shared/config';

export const key = 'bXktdG9wLXNlY3JldA==';
export const connectionString = `Endpoint=sb://127.0.0.1:5672;SharedAccessKeyName=Root;SharedAccessKey=${key};UseDevelopmentEmulator=true`;
export const minimal: Environment = {
  EventHub: connectionString,
  LOGS_INGESTION_ENDPOINT: 'https://rule.westeurope-1.ingest.monitor.azure.com',
  LOGS_INGESTION_RULE_IDS: 'dcr-00000000000000000000000000000001',
};

/** The problems of a wrong environment. */
export function problemsOf(environment: Environment): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
