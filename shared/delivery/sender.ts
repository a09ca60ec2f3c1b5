import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { IngestionSettings } from '../config';
import { deadline, untilAborted } from '../deadline';
import type { Chunk } from '../sessions/chunks';
import { deliveryError } from './failedCall';
import { managedIdentity } from './managedIdentity';

/** Sends chunks to a Data Collection Rule. */
export interface Sender {
  /**
   * Makes one call; resolves when the service has accepted the chunk. The call's `x-ms-client-request-id` is the invocation's
   * id, which is in the app's log, too, and a number that no other call has.
   * @throws DeliveryError
   */
  send(chunk: Pick<Chunk, 'body'>, dcrId: string, invocationId?: string): Promise<{ readonly bytesSent: number }>;
}

export interface SenderOptions {
  /** Replaces the managed identity, in tests. */
  readonly credential?: TokenCredential;
  /** Replaces the SDK's HTTP client, in tests. */
  readonly httpClient?: HttpClient;
}

const gzip = promisify(gzipCallback);
/** Fast rather than small: the service bills the bytes before compression. A body becomes one piece of output. */
const gzipOptions = { level: 1, memLevel: 9, chunkSize: 256 * 1024 };
const apiVersion = '2023-01-01';

type SenderSettings = Pick<IngestionSettings, 'endpoint' | 'stream' | 'audience' | 'clientId' | 'timeoutSeconds'>;

/**
 * Uses the pipeline of the SDK's client, with its authentication and tracing, but sends bodies that are ready: `upload()` would
 * measure and serialise every row again, round long integers, and leave some chunks unsent when one fails.
 */
export function createSender(settings: SenderSettings, options: SenderOptions = {}): Sender {
  const { endpoint, stream, timeoutSeconds } = settings;
  let connection: ReturnType<typeof connect> | undefined;
  // Retries of an invocation have its id even in another worker, so each process starts counting at a random number.
  let calls = randomInt(2 ** 47);
  return {
    async send(chunk, dcrId, invocationId) {
      const requestId = invocationId === undefined ? undefined : `${invocationId}.${++calls}`;
      const target = { dcrId, stream, endpoint };
      const body = await gzip(chunk.body(), gzipOptions);
      connection ??= connect(settings, options).catch((error: unknown) => {
        connection = undefined;
        throw error;
      });
      const { sendRequest } = await connection;
      const time = deadline(timeoutSeconds * 1000);
      let response: PipelineResponse;
      try {
        // Ends the call in time even if something in the pipeline, such as the credential, ignores the signal.
        response = await untilAborted(sendRequest({ dcrId, body, requestId, signal: time.signal }), time.signal);
      } catch (cause) {
        throw deliveryError({ target, timeoutSeconds, cause, isTimeout: time.signal.aborted });
      } finally {
        time.end();
      }
      if (response.status === 204) return { bytesSent: body.length };
      const retryAfterMs = readRetryAfter(response.headers, Date.now());
      throw deliveryError({
        target,
        timeoutSeconds,
        status: response.status,
        body: response.bodyAsText ?? '',
        retryAfterMs,
      });
    },
  };
}

interface Request {
  readonly dcrId: string;
  readonly body: Buffer;
  readonly requestId: string | undefined;
  readonly signal: AbortSignal;
}

/** Loads the SDKs with the first batch, because they would take most of the app's start-up time. */
async function connect({ endpoint, audience, stream, clientId }: SenderSettings, options: SenderOptions) {
  const [{ LogsIngestionClient }, credential, rest] = await Promise.all([
    import('@azure/monitor-ingestion'),
    options.credential ?? managedIdentity(clientId),
    import('@azure/core-rest-pipeline'),
  ]);
  const { pipeline } = new LogsIngestionClient(endpoint, credential, { audience });
  pipeline.removePolicy({ name: 'GzippingPolicy' });
  // The gate decides about retries: the SDK's own policy knows neither the total time nor the calls of other partitions.
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  // The SDK would follow a redirect with a GET without the rows, and take its 204 for theirs.
  pipeline.removePolicy({ name: 'redirectPolicy' });
  const httpClient = options.httpClient ?? rest.createDefaultHttpClient();

  const requestFor = ({ dcrId, body, requestId, signal }: Request): PipelineRequest =>
    rest.createPipelineRequest({
      ...(requestId === undefined ? {} : { requestId }),
      url: `${endpoint}/dataCollectionRules/${dcrId}/streams/${stream}?api-version=${apiVersion}`,
      method: 'POST',
      headers: rest.createHttpHeaders({
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
        Accept: 'application/json',
      }),
      body,
      abortSignal: signal,
    });

  return {
    sendRequest: async (call: Request): Promise<PipelineResponse> => pipeline.sendRequest(httpClient, requestFor(call)),
  };
}

/** Reads `retry-after-ms`, or Retry-After in seconds or as a date; undefined when there is none that can be read. */
export function readRetryAfter(headers: { get(name: string): string | undefined }, now: number): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  const text = headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return [milliseconds, seconds].find((value) => Number.isFinite(value) && value >= 0);
}
