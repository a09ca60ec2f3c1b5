import { promisify } from 'node:util';
import { constants, gzip as gzipCallback } from 'node:zlib';
import type { HttpClient, PipelineRequest } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { IngestionSettings } from '../config';
import type { Chunk } from '../sessions/chunks';
import { deliveryError } from './deliveryError';

/** Sends chunks to a Data Collection Rule. */
export interface Sender {
  /** Resolves when the service has accepted the chunk; `signal` ends the attempts. @throws DeliveryError */
  send(chunk: Chunk, ruleId: string, signal: AbortSignal): Promise<{ readonly bytesSent: number }>;
}

export interface SenderOptions {
  /** Stands in for the managed identity, in tests. */
  readonly credential?: TokenCredential;
  /** Stands in for the SDK's own HTTP client, in tests. */
  readonly httpClient?: HttpClient;
}

const gzip = promisify(gzipCallback);
/** The service bills what was there before compression: fast is better than small. */
const gzipLevel = 3;
const apiVersion = '2023-01-01';

/**
 * The SDK's client with its authentication, retries and tracing, but fed with bodies that are ready: `upload()` would
 * measure and serialise every row again, round long integers, and leave some chunks unsent when one fails. The SDKs are
 * loaded here, on the first batch, because they take most of the app's start-up time.
 */
export async function createSender(settings: IngestionSettings, options: SenderOptions = {}): Promise<Sender> {
  const [{ LogsIngestionClient }, { ManagedIdentityCredential }, rest] = await Promise.all([
    import('@azure/monitor-ingestion'),
    import('@azure/identity'),
    import('@azure/core-rest-pipeline'),
  ]);
  const { endpoint, audience, stream, clientId, timeoutSeconds } = settings;
  const credential =
    options.credential ??
    (clientId === undefined ? new ManagedIdentityCredential() : new ManagedIdentityCredential({ clientId }));
  const client = new LogsIngestionClient(endpoint, credential, { audience });
  client.pipeline.removePolicy({ name: 'GzippingPolicy' });
  const httpClient = options.httpClient ?? rest.createDefaultHttpClient();

  const requestFor = (ruleId: string, body: Buffer, abortSignal: AbortSignal): PipelineRequest =>
    rest.createPipelineRequest({
      url: `${endpoint}/dataCollectionRules/${ruleId}/streams/${stream}?api-version=${apiVersion}`,
      method: 'POST',
      headers: rest.createHttpHeaders({
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
        Accept: 'application/json',
      }),
      body,
      timeout: timeoutSeconds * 1000,
      abortSignal,
    });

  return {
    async send(chunk, ruleId, signal) {
      const body = await gzip(chunk.body, { level: gzipLevel, memLevel: constants.Z_MAX_MEMLEVEL });
      const target = { ruleId, stream, endpoint };
      let response: Awaited<ReturnType<typeof client.pipeline.sendRequest>>;
      try {
        response = await client.pipeline.sendRequest(httpClient, requestFor(ruleId, body, signal));
      } catch (cause) {
        throw deliveryError({ target, timeoutSeconds, cause, isBudgetSpent: signal.aborted });
      }
      if (response.status !== 204) {
        throw deliveryError({ target, timeoutSeconds, status: response.status, body: response.bodyAsText ?? '' });
      }
      return { bytesSent: body.length };
    },
  };
}
