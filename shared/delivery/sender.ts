import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import type { IngestionSettings } from '../config';
import type { Chunk } from '../sessions/chunks';
import { deadline, untilAborted } from './deadline';
import { deliveryError } from './deliveryError';

/** Sends chunks to a Data Collection Rule. */
export interface Sender {
  /**
   * One attempt: resolves when the service has accepted the chunk. The call's `x-ms-client-request-id` is the invocation's id,
   * by which the service's records and the app's log find each other, and a number that no other call has. @throws DeliveryError
   */
  send(chunk: Chunk, ruleId: string, invocationId?: string): Promise<{ readonly bytesSent: number }>;
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

type SenderSettings = Pick<IngestionSettings, 'endpoint' | 'stream' | 'audience' | 'clientId' | 'timeoutSeconds'>;

/**
 * The SDK's client with its authentication and tracing, but fed with bodies that are ready: `upload()` would measure and
 * serialise every row again, round long integers, and leave some chunks unsent when one fails.
 */
export function createSender(settings: SenderSettings, options: SenderOptions = {}): Sender {
  const { endpoint, stream, timeoutSeconds } = settings;
  let connection: ReturnType<typeof connect> | undefined;
  // The host keeps the id of an invocation for its retries, also those in another worker: a process counts from anywhere.
  let calls = randomInt(2 ** 47);
  return {
    async send(chunk, ruleId, invocationId) {
      const requestId = invocationId === undefined ? undefined : `${invocationId}.${++calls}`;
      const target = { ruleId, stream, endpoint };
      const body = await gzip(chunk.body, { level: gzipLevel });
      connection ??= connect(settings, options).catch((error: unknown) => {
        connection = undefined;
        throw error;
      });
      const { sendRequest } = await connection;
      const attempt = deadline(timeoutSeconds * 1000);
      let response: PipelineResponse;
      try {
        // The attempt is over in time even if something on its way, such as the credential, does not heed the signal.
        response = await untilAborted(sendRequest({ ruleId, body, requestId, signal: attempt.signal }), attempt.signal);
      } catch (cause) {
        throw deliveryError({ target, timeoutSeconds, cause, isTimeout: attempt.signal.aborted });
      } finally {
        attempt.end();
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

interface Call {
  readonly ruleId: string;
  readonly body: Buffer;
  readonly requestId: string | undefined;
  readonly signal: AbortSignal;
}

/** Loads the SDKs on the first batch, because they take most of the app's start-up time. */
async function connect({ endpoint, audience, stream, clientId }: SenderSettings, options: SenderOptions) {
  const [{ LogsIngestionClient }, { ManagedIdentityCredential }, rest] = await Promise.all([
    import('@azure/monitor-ingestion'),
    import('@azure/identity'),
    import('@azure/core-rest-pipeline'),
  ]);
  const identity = clientId === undefined ? [] : ([{ clientId }] as const);
  const credential = options.credential ?? new ManagedIdentityCredential(...identity);
  const { pipeline } = new LogsIngestionClient(endpoint, credential, { audience });
  pipeline.removePolicy({ name: 'GzippingPolicy' });
  // Retries belong to the rule's gate, which all partitions share: the SDK's own know no total time and no other calls.
  pipeline.removePolicy({ name: 'defaultRetryPolicy' });
  // A redirect would be followed with a GET without the rows, and its answer taken for theirs.
  pipeline.removePolicy({ name: 'redirectPolicy' });
  const httpClient = options.httpClient ?? rest.createDefaultHttpClient();

  const requestFor = ({ ruleId, body, requestId, signal }: Call): PipelineRequest =>
    rest.createPipelineRequest({
      ...(requestId === undefined ? {} : { requestId }),
      url: `${endpoint}/dataCollectionRules/${ruleId}/streams/${stream}?api-version=${apiVersion}`,
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
    sendRequest: async (call: Call): Promise<PipelineResponse> => pipeline.sendRequest(httpClient, requestFor(call)),
  };
}

/** `retry-after-ms`, or Retry-After in seconds or as a date; undefined when there is none that makes sense. */
export function readRetryAfter(headers: { get(name: string): string | undefined }, now: number): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? headers.get('x-ms-retry-after-ms') ?? Number.NaN);
  const text = headers.get('retry-after') ?? '';
  const seconds = /^\d{1,9}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return [milliseconds, seconds].find((value) => Number.isFinite(value) && value >= 0);
}
