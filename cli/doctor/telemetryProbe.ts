import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { Environment } from '../../shared/config';
import type { ServerClocks } from './serverClocks';
import { type SignIns, tokenKey } from './signIns';
import { within } from './timeLimit';

/** The endpoint of Application Insights; undefined when telemetry is switched off or the text cannot be read. */
export function telemetryEndpoint(environment: Environment): string | undefined {
  const fields = pairsIn(environment['APPLICATIONINSIGHTS_CONNECTION_STRING'] ?? '');
  const endpoint = fields.get('ingestionendpoint')?.replace(/\/$/, '') ?? '';
  return URL.canParse(endpoint) && (fields.get('instrumentationkey') ?? '') !== '' ? endpoint : undefined;
}

/** Undefined when telemetry is sent without signing in. */
export function audienceOfTelemetry(
  environment: Environment,
): { audience: string; clientId: string | undefined } | undefined {
  const fields = pairsIn(environment['APPLICATIONINSIGHTS_AUTHENTICATION_STRING'] ?? '');
  const signsIn = fields.get('authorization')?.toUpperCase() === 'AAD';
  if (telemetryEndpoint(environment) === undefined || !signsIn) return undefined;
  return { audience: 'https://monitor.azure.com', clientId: fields.get('clientid') };
}

interface AskOptions {
  readonly signIns: SignIns;
  readonly clocks: ServerClocks;
  readonly seconds: number;
}

/** The status of the answer; undefined when telemetry is switched off. */
export async function askTelemetry(environment: Environment, options: AskOptions): Promise<number | undefined> {
  const { signIns, clocks, seconds } = options;
  const endpoint = telemetryEndpoint(environment);
  if (endpoint === undefined) return undefined;
  const audience = audienceOfTelemetry(environment);
  const token = audience && (await signIns.token(tokenKey(audience.audience, audience.clientId)));
  const headers = createHttpHeaders({
    'Content-Type': 'application/json',
    ...(token && { Authorization: `Bearer ${token.token}` }),
  });
  const http = createDefaultHttpClient();
  return within(seconds, async (abortSignal) => {
    const url = `${endpoint}/v2.1/track`;
    const request = createPipelineRequest({ url, method: 'POST', headers, body: '[]', abortSignal });
    const { status } = await clocks.timed(async () => http.sendRequest(request));
    return status;
  });
}

/** `Name=value;...`, names in lower case. */
function pairsIn(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(';').map((pair): [string, string] => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at).trim().toLowerCase(), pair.slice(at + 1).trim()];
  });
  return new Map(pairs);
}
