import type { IncomingHttpHeaders } from 'node:http';
import { type Agent, request } from 'node:https';
import { setImmediate as turn } from 'node:timers/promises';
import { isAggregateLogsUploadError, LogsIngestionClient } from '@azure/monitor-ingestion';
import { type Certificate, makeCertificate } from '../../src/certificate';
import { type IngestionEmulator, type IngestionOptions, type RuleOptions, startIngestion } from '../../src/ingestion';

export const stream = 'Custom-Test';
export const ruleId = 'dcr-00000000000000000000000000000001';

/** One column of each type that the service declares. */
export const rule: RuleOptions = {
  immutableId: ruleId,
  streams: {
    [stream]: [
      { name: 'Time', type: 'datetime' },
      { name: 'Text', type: 'string' },
      { name: 'Small', type: 'int' },
      { name: 'Big', type: 'long' },
      { name: 'Ratio', type: 'real' },
      { name: 'Flag', type: 'boolean' },
      { name: 'Fields', type: 'dynamic' },
    ],
  },
};

let certificate: Promise<Certificate> | undefined;

/** An emulator that takes the token `good`. */
export async function start(options: Partial<IngestionOptions> = {}): Promise<IngestionEmulator> {
  certificate ??= makeCertificate();
  return startIngestion({
    rules: [rule],
    authorize: (authorization) => (authorization === 'Bearer good' ? undefined : 'unknown'),
    certificate: await certificate,
    ...options,
  });
}

/** The SDK's own client, trusting the emulator's certificate and trying once. */
export function clientOf(emulator: IngestionEmulator, token = 'good', maxRetries = 0): LogsIngestionClient {
  const credential = { getToken: async () => ({ token, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  return new LogsIngestionClient(emulator.endpoint, credential, {
    tlsOptions: { ca: emulator.certificate },
    retryOptions: { maxRetries },
  });
}

/** Uploads through the SDK's client; 204, or what its error says of the answer. */
export async function upload(
  emulator: IngestionEmulator,
  rows: Record<string, unknown>[],
  to: { rule?: string; stream?: string; token?: string } = {},
): Promise<string> {
  try {
    await clientOf(emulator, to.token).upload(to.rule ?? ruleId, to.stream ?? stream, rows);
    return '204';
  } catch (error) {
    if (!(error instanceof Error) || !isAggregateLogsUploadError(error)) throw error;
    const cause: Error & { statusCode?: number; code?: string } = error.errors[0]?.cause ?? error;
    return cause.statusCode === undefined ? String(cause.code) : `${cause.statusCode} ${cause.code}`;
  }
}

export interface Answer {
  /** Status and the service's error code, such as `204` or `400 InvalidStream`. */
  readonly outcome: string;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

const address = `/dataCollectionRules/${ruleId}/streams/${stream}?api-version=2023-01-01`;

export interface Call {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | undefined>;
  /** Keeps its connections for further calls; each call has its own unless told. */
  readonly agent?: Agent;
  /** Goes away once the body is written, instead of ending the request. */
  readonly abandon?: boolean;
}

/** Sends bytes that the SDK's client would not. Rejects with the socket's error when no answer comes. */
export function post(emulator: IngestionEmulator, body: string | Buffer, call: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const given = { authorization: 'Bearer good', 'content-type': 'application/json', ...call.headers };
    const headers = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const options = { ca: emulator.certificate, method: call.method ?? 'POST', headers, agent: call.agent ?? false };
    const sent = request(`${emulator.endpoint}${call.path ?? address}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => {
        const outcome = [response.statusCode, response.headers['x-ms-error-code']].filter(Boolean).join(' ');
        resolve({ outcome, body: text, headers: response.headers });
      });
    });
    sent.on('error', reject);
    if (call.abandon === true) sent.write(body, () => sent.destroy());
    else sent.end(body);
  });
}

/** Lets the event loop turn until something has happened; jest's own timeout is the end of it. */
export async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await turn();
}

export async function storedRows(emulator: IngestionEmulator, name = stream): Promise<string[]> {
  const rows: string[] = [];
  for await (const row of emulator.rows(name)) rows.push(row);
  return rows;
}
