import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { deadline, untilAborted } from '../delivery/deadline';
import { isObject, type Json } from '../json';
import { type Trouble, wordsOf } from './trouble';

/** For one request; the next export comes before long. */
const timeoutMs = 10_000;

/** Application Insights did not take a request. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';

  constructor(
    message: string,
    /** Undefined when no answer came. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * Looks at each request to Application Insights on its way: it gets a time limit, which the exporter does not set, and an
 * answer that is not 200 is reported and thrown, because the exporter, when it may write nothing to the disk, calls passing
 * trouble a success and forgets what it had to send. Of a request that is taken in part (206) the rest is sent once more at
 * once, because the whole would be sent again.
 */
export function answersPolicy(trouble: Trouble): PipelinePolicy {
  return {
    name: 'networkSessionsAnswers',
    async sendRequest(request, next) {
      const ask = async (): Promise<PipelineResponse> => {
        // Not `request.timeout`: its timer goes on after the answer.
        const time = deadline(timeoutMs);
        request.abortSignal = time.signal;
        try {
          return await untilAborted(next(request), time.signal);
        } catch (error) {
          throw notTaken(trouble, `No answer: ${wordsOf(error)}`);
        } finally {
          time.end();
        }
      };
      const answer = await ask();
      // The exporter follows a redirect to the endpoint of the region by itself.
      if (answer.status === 200 || answer.status === 307 || answer.status === 308) return answer;
      if (answer.status !== 206) throw notTaken(trouble, `The answer was ${answer.status}.`, answer.status);
      const { again, lost } = refusedItems(answer.bodyAsText ?? '', request.body);
      request.body = JSON.stringify(again);
      request.headers.delete('content-length');
      // Thrown at here, the exporter would have the whole sent again.
      const isRestTaken = again.length === 0 || (await ask().catch(() => undefined))?.status === 200;
      const given = lost + (isRestTaken ? 0 : again.length);
      if (given > 0) trouble.report('TelemetryLost', `${given} items were refused.`);
      return { ...answer, status: 200 };
    },
  };
}

function notTaken(trouble: Trouble, message: string, status?: number): NotTaken {
  trouble.report('TelemetryNotSent', message);
  return new NotTaken(message, status);
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
