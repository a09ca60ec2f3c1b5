import { createHttpHeaders, type HttpClient, type PipelineRequest } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';

/** Where the product and the straightforward way send their rows. */
export const target = {
  endpoint: 'https://contoso.ingest.monitor.azure.com',
  ruleId: 'dcr-00000000000000000000000000000000',
  stream: 'Custom-NetworkSessions',
  audience: 'https://monitor.azure.com',
};

export const credential: TokenCredential = {
  getToken: () => Promise.resolve({ token: 'token', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

export type OnRequest = (request: PipelineRequest) => void | Promise<void>;

/** Replaces the SDK's HTTP client and accepts every request. */
export function stubbedHttp(onRequest?: OnRequest): HttpClient {
  return {
    async sendRequest(request) {
      await onRequest?.(request);
      return { request, status: 204, headers: createHttpHeaders(), bodyAsText: '' };
    },
  };
}
