import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { LogsQueryClient } from '@azure/monitor-query-logs';
import { AzureApiError, errorOf } from './azureApi';

/** By the names of the columns; times are of type Date. */
export type LogsRow = Readonly<Record<string, unknown>>;

/** Two days back, which every query of the commands stays within. */
const timespan = { duration: 'P2D' };

/** As `AzureApi` reports errors. The client itself fails on an error that is no JSON, with nothing about the answer. */
const errorAnswers: PipelinePolicy = {
  name: 'errorAnswers',
  sendRequest: async (request, next) => {
    const response = await next(request);
    if (response.status >= 400) throw errorOf(response);
    return response;
  },
};

/** The query endpoint of Azure Monitor Logs, asked as whoever is signed in. */
export class LogsQuery {
  readonly #client: Promise<LogsQueryClient>;

  constructor(
    /** https://<host>, without a path. It is also the audience of the tokens. */
    endpoint: string,
    credential: TokenCredential,
  ) {
    this.#client = import('@azure/monitor-query-logs').then(({ LogsQueryClient: Client }) => {
      const client = new Client(credential, {
        // The client adds the version of the API to its own endpoint only.
        endpoint: `${endpoint}/v1`,
        credentials: { scopes: [`${endpoint}/.default`] },
        retryOptions: { maxRetries: 2, maxRetryDelayInMs: 5000 },
      });
      client.pipeline.addPolicy(errorAnswers);
      return client;
    });
  }

  /**
   * The rows of the first table, by the names of its columns. It takes no signal, because the client passes none on.
   * @throws AzureApiError when the answer is an error, or only a part of the rows; any other error when there is no answer
   */
  async rows(customerId: string, query: string): Promise<readonly LogsRow[]> {
    const client = await this.#client;
    const result = await client.queryWorkspace(customerId, query, timespan);
    if ('partialError' in result) throw new AzureApiError(200, 'PartialError', result.partialError.message);
    const [table] = result.tables;
    const names = (table?.columnDescriptors ?? []).map(({ name }) => name);
    return (table?.rows ?? []).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
  }
}
