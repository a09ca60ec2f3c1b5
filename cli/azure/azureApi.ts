import {
  bearerTokenAuthenticationPolicy,
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { fieldsOf } from '../../shared/fieldsOf';
import { parsedJson } from '../common/parsedJson';

/** An API of Azure answered with an error. */
export class AzureApiError extends Error {
  override readonly name = 'AzureApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface Answered {
  readonly body: unknown;
  /** A header of the answer; undefined if it is absent. */
  readonly header: (name: string) => string | undefined;
}

interface CallOptions {
  readonly body?: object;
  readonly signal?: AbortSignal;
}

/** One JSON API of Azure, such as the management endpoint, called as whoever is signed in. */
export class AzureApi {
  readonly #pipeline;
  readonly #http = createDefaultHttpClient();

  constructor(
    /** https://<host>, without a path. It is also the audience of the tokens. */
    readonly endpoint: string,
    credential: TokenCredential,
  ) {
    this.#pipeline = createPipelineFromOptions({ retryOptions: { maxRetries: 2, maxRetryDelayInMs: 5000 } });
    const scopes = `${endpoint}/.default`;
    this.#pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes }), { phase: 'Sign' });
  }

  /** @throws AzureApiError when the answer is an error; any other error when there is no answer. */
  async call(method: HttpMethods, path: string, { body, signal }: CallOptions = {}): Promise<Answered> {
    const request = createPipelineRequest({
      url: `${this.endpoint}${path}`,
      method,
      headers: createHttpHeaders(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { abortSignal: signal }),
    });
    const response = await this.#pipeline.sendRequest(this.#http, request);
    if (response.status >= 400) throw errorOf(response);
    return { body: parsedJson(Buffer.from(response.bodyAsText ?? '')), header: (name) => response.headers.get(name) };
  }

  /** All pages of a list. @throws like `call` */
  async list(path: string, signal: AbortSignal): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    for (let next: string | undefined = path; next !== undefined; ) {
      const { value, nextLink } = fieldsOf((await this.call('GET', next, { signal })).body);
      if (Array.isArray(value)) items.push(...(value as unknown[]));
      // Only the path of the link is used: the token goes to this endpoint alone.
      next = typeof nextLink === 'string' && URL.canParse(nextLink) ? pathOf(new URL(nextLink)) : undefined;
    }
    return items;
  }
}

function pathOf({ pathname, search }: URL): string {
  return `${pathname}${search}`;
}

/** Azure answers `{"error":{"code","message"}}`, a gateway before it anything. */
export function errorOf({ status, bodyAsText }: Pick<PipelineResponse, 'status' | 'bodyAsText'>): AzureApiError {
  const { code, message, innererror } = fieldsOf(fieldsOf(parsedJson(Buffer.from(bodyAsText ?? '')))['error']);
  const texts = [message, ...innerMessages(innererror)].filter((text) => typeof text === 'string');
  const text = texts.length > 0 ? texts.join(': ').slice(0, 500) : 'The answer has no message.';
  return new AzureApiError(status, typeof code === 'string' ? code : '', text);
}

/** The query API says in the inner errors alone what is wrong with a query. */
function innerMessages(error: unknown, depth = 0): readonly unknown[] {
  const { message, innererror } = fieldsOf(error);
  return message === undefined || depth === 5 ? [] : [message, ...innerMessages(innererror, depth + 1)];
}
