import type { PipelinePolicy, PipelineResponse } from '@azure/core-rest-pipeline';
import { deadline, untilAborted } from '../deadline';
import { messageOf } from '../errors/messageOf';
import { isObject, type Json } from '../json';
import type { TelemetryErrors } from './telemetryErrors';

/** For one request; the next export is the retry. */
const timeoutMs = 10_000;

/** Application Insights did not accept a request. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';

  constructor(
    message: string,
    /** Undefined when no response came. */
    readonly status?: number,
  ) {
    super(message);
  }
}

/**
 * Gives each request to Application Insights a time limit, which the exporter does not set. Reports and throws every response
 * but 200, because an exporter without offline storage counts transient errors as success and drops the telemetry. When a
 * request is accepted in part (206), sends the rest again at once; thrown, the exporter would send the whole again.
 */
export function responsePolicy(errors: TelemetryErrors): PipelinePolicy {
  return {
    name: 'networkSessionsResponses',
    async sendRequest(request, next) {
      const send = async (): Promise<PipelineResponse> => {
        // Not `request.timeout`: its timer keeps running after the response.
        const time = deadline(timeoutMs);
        request.abortSignal = time.signal;
        try {
          return await untilAborted(next(request), time.signal);
        } catch (error) {
          throw notAccepted(errors, `No response: ${messageOf(error)}`);
        } finally {
          time.end();
        }
      };
      const response = await send();
      const { status } = response;
      // The exporter itself follows a redirect to the endpoint of the region.
      if (status === 200 || status === 307 || status === 308) return response;
      if (status !== 206) throw notAccepted(errors, `The response was ${status}.`, status);
      const { again, lost } = rejectedItems(response.bodyAsText ?? '', request.body);
      request.body = JSON.stringify(again);
      request.headers.delete('content-length');
      const isRestAccepted = again.length === 0 || (await send().catch(() => undefined))?.status === 200;
      const dropped = lost + (isRestAccepted ? 0 : again.length);
      if (dropped > 0) errors.report('TelemetryLost', `${dropped} items were rejected.`);
      return { ...response, status: 200 };
    },
  };
}

function notAccepted(errors: TelemetryErrors, message: string, status?: number): NotAccepted {
  errors.report('TelemetryNotSent', message);
  return new NotAccepted(message, status);
}

/** Whether the same telemetry may be accepted the next time. */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || [408, 429, 439].includes(status);
}

/** The rejected items of a request: those to send again, and how many are lost. */
function rejectedItems(response: string, body: unknown): { again: Json[]; lost: number } {
  const items = parsed(typeof body === 'string' ? body : '');
  const result = parsed(response);
  const errors = isObject(result) && Array.isArray(result['errors']) ? result['errors'] : [];
  const again: Json[] = [];
  let lost = 0;
  for (const error of errors) {
    if (!isObject(error)) continue;
    const item = Array.isArray(items) && typeof error['index'] === 'number' ? items[error['index']] : undefined;
    if (item !== undefined && typeof error['statusCode'] === 'number' && isTransientStatus(error['statusCode'])) {
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
