import { isRestError } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { LogsQueryClient } from '@azure/monitor-query-logs';
import { AzureApiError } from './azureApi';

/** By the names of the columns; times are of type Date. */
export type LogsRow = Readonly<Record<string, unknown>>;

/** Two days back, which every query of the commands stays within. */
const timespan = { duration: 'P2D' };

/** The query endpoint of Azure Monitor Logs, asked as whoever is signed in. */
export class LogsQuery {
  readonly #client: Promise<LogsQueryClient>;

  constructor(
    /** https://<host>, without a path. It is also the audience of the tokens. */
    endpoint: string,
    credential: TokenCredential,
  ) {
    this.#client = import('@azure/monitor-query-logs').then(
      ({ LogsQueryClient: Client }) =>
        new Client(credential, {
          // The client adds the version of the API to its own endpoint only.
          endpoint: `${endpoint}/v1`,
          credentials: { scopes: [`${endpoint}/.default`] },
          retryOptions: { maxRetries: 2, maxRetryDelayInMs: 5000 },
        }),
    );
  }

  /**
   * The rows of the first table, by the names of its columns.
   * @throws AzureApiError when the answer is an error, or only a part of the rows; any other error when there is no answer
   */
  async rows(customerId: string, query: string, abortSignal: AbortSignal): Promise<readonly LogsRow[]> {
    const client = await this.#client;
    const result = await client.queryWorkspace(customerId, query, timespan, { abortSignal }).catch(asApiError);
    if ('partialError' in result) throw new AzureApiError(200, 'PartialError', result.partialError.message);
    const [table] = result.tables;
    const names = (table?.columnDescriptors ?? []).map(({ name }) => name);
    return (table?.rows ?? []).map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])));
  }
}

/** As `AzureApi` reports an error. @throws the error itself when it is no answer */
function asApiError(error: unknown): never {
  if (!isRestError(error) || error.statusCode === undefined) throw error;
  throw new AzureApiError(error.statusCode, error.code ?? '', error.message.slice(0, 500));
}
