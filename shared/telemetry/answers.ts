import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { isObject, type Json } from '../json';
import { type Trouble, wordsOf } from './trouble';

/** For one request; the next export comes before long. */
const timeoutMs = 10_000;

/**
 * Looks at each request to Application Insights on its way: it gets a time limit, which the exporter does not set, and an
 * answer that is no 200 is reported, which the exporter keeps to itself. Of a request that is taken in part (206) the rest
 * is sent once more at once, because the exporter would send all of it again.
 */
export function answersPolicy(trouble: Trouble): PipelinePolicy {
  return {
    name: 'networkSessionsAnswers',
    async sendRequest(request, next) {
      request.timeout = timeoutMs;
      let response: PipelineResponse;
      try {
        response = await next(request);
      } catch (error) {
        trouble.report('TelemetryNotSent', `No answer: ${wordsOf(error)}`);
        throw error;
      }
      if (response.status === 206) return takenInPart(response, request.body);
      if (response.status !== 200) trouble.report('TelemetryNotSent', `The answer was ${response.status}.`);
      return response;

      async function takenInPart(answer: PipelineResponse, body: unknown): Promise<PipelineResponse> {
        const rest = refusedItems(answer.bodyAsText ?? '', body);
        const sent = {
          ...answer,
          status: 200,
          bodyAsText: JSON.stringify({ itemsReceived: 0, itemsAccepted: 0, errors: [] }),
        };
        if (rest.again.length > 0) {
          request.body = JSON.stringify(rest.again);
          const second = await next(request);
          if (second.status !== 200) rest.lost += rest.again.length;
        }
        if (rest.lost > 0) trouble.report('TelemetryLost', `${rest.lost} items were refused.`);
        return sent;
      }
    },
  };
}

const passingItem = new Set([408, 429, 439, 500, 502, 503, 504]);

/** Which items of a request the service names as not taken: those to be sent again, and how many are refused for good. */
export function refusedItems(answer: string, body: unknown): { again: Json[]; lost: number } {
  const items = parsed(typeof body === 'string' ? body : '');
  const told = parsed(answer);
  const errors = isObject(told) && Array.isArray(told['errors']) ? told['errors'] : [];
  const again: Json[] = [];
  let lost = 0;
  for (const error of errors) {
    if (!isObject(error)) continue;
    const item = Array.isArray(items) && typeof error['index'] === 'number' ? items[error['index']] : undefined;
    if (item !== undefined && typeof error['statusCode'] === 'number' && passingItem.has(error['statusCode'])) {
      again.push(item);
    } else lost++;
  }
  return { again, lost };
}

function parsed(text: string): Json | undefined {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what JSON.parse returns is JSON.
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
