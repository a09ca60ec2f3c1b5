import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Certificate, makeCertificate } from '../certificate';
import { Counts } from '../counts';
import { errorCode } from '../fields';
import { type Answer, sendJson } from '../http/answer';
import { listenOnLoopback } from '../http/loopback';
import { splitTarget } from '../http/target';
import { readBody } from '../ingestion/body';
import { StreamFile } from '../ingestion/streamFile';
import { FaultPlan, type Faults } from '../injectedFaults';
import { type Envelope, type Problem, readEnvelope } from './envelope';
import { type TelemetryFault } from './telemetryFaults';

export type { Envelope } from './envelope';
export { type MetricRow, metricsOf, propertiesOf, sumOf } from './read';
export type { TelemetryFault } from './telemetryFaults';

const unzip = promisify(gunzip);

/** The ingestion endpoint of Application Insights on loopback: `POST /v2.1/track`. */
export interface TelemetryEndpoint {
  /** `https://127.0.0.1:PORT` */
  readonly endpoint: string;
  /** For APPLICATIONINSIGHTS_CONNECTION_STRING. */
  readonly connectionString: string;
  /** PEM to trust. */
  readonly certificate: string;
  readonly faults: Faults<TelemetryFault>;
  /** Calls by the status answered; `reset` and `silence` for those without an answer. */
  statistics(): Readonly<Record<string, number>>;
  /** The accepted items, in the order of arrival. */
  envelopes(): readonly Envelope[];
  /** From now on keeps only the last items, `count` to twice as many: in memory, and on disk in two files. */
  keepLast(count: number): void;
  /** Resolves when more items are accepted. */
  taken(): Promise<void>;
  stop(): Promise<void>;
}

export interface TelemetryOptions {
  /** Returns undefined for a valid token, else the reason (401). Without it the instrumentation key is enough. */
  readonly authorize?: (authorization: string | undefined) => string | undefined;
  /** Folder for `telemetry.ndjson`, one envelope per line. */
  readonly directory?: string;
  readonly port?: number;
  /** The default is a new certificate. */
  readonly certificate?: Certificate;
  /** Called when items cannot be written because the disk is full. */
  readonly onWriteFailed?: (error: Error) => void;
}

const instrumentationKey = '00000000-0000-0000-0000-000000000001';
/** The service's limit is not documented; the SDKs send far less. */
const maxBodyBytes = 64 * 1024 * 1024;

export async function startTelemetry(options: TelemetryOptions = {}): Promise<TelemetryEndpoint> {
  const faults = new FaultPlan<TelemetryFault>();
  const answered = new Counts();
  const envelopes: Envelope[] = [];
  const waiting: (() => void)[] = [];
  let kept = Number.POSITIVE_INFINITY;
  const file = options.directory === undefined ? undefined : new StreamFile(options.directory, 'telemetry.ndjson');

  async function keep(items: readonly Envelope[]): Promise<void> {
    if (items.length === 0) return;
    await file?.append(items.map((item) => JSON.stringify(item)));
    envelopes.push(...items);
    if (envelopes.length >= 2 * kept) {
      envelopes.splice(0, envelopes.length - kept);
      await file?.startOver();
    }
    for (const tell of waiting.splice(0)) tell();
  }

  async function answerTo(request: IncomingMessage, body: Buffer, fault: TelemetryFault | undefined): Promise<Answer> {
    if (splitTarget(request.url).path !== '/v2.1/track' || request.method !== 'POST') {
      return { status: 404, body: { message: 'Telemetry goes to POST /v2.1/track.' } };
    }
    const problem = options.authorize?.(request.headers.authorization);
    if (problem !== undefined)
      return { status: 401, body: { message: `The bearer token is not accepted: ${problem}.` } };
    const items = await itemsOf(request, body);
    if (items === undefined) return { status: 400, body: { message: 'The body is neither JSON nor NDJSON.' } };
    const errors: ({ readonly index: number } & Problem)[] = [];
    const good: Envelope[] = [];
    items.forEach((item, index) => {
      const read =
        fault?.kind === 'partial' && index % 2 === 1
          ? { statusCode: fault.status, message: 'Fault asked for.' }
          : readEnvelope(item, instrumentationKey);
      if ('statusCode' in read) errors.push({ index, ...read });
      else good.push(read);
    });
    await keep(good);
    const status = errors.length === 0 ? 200 : good.length > 0 ? 206 : (errors[0]?.statusCode ?? 400);
    return { status, body: { itemsReceived: items.length, itemsAccepted: good.length, errors } };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = faults.take();
    const { content } = await readBody(request, maxBodyBytes);
    if (fault?.kind === 'silence') return answered.count('silence');
    if (fault?.kind === 'reset') {
      answered.count('reset');
      response.destroy();
      return;
    }
    const answer =
      fault?.kind === 'status'
        ? { status: fault.status, body: { message: 'Fault asked for.' }, retryAfterSeconds: fault.retryAfterSeconds }
        : await answerTo(request, content ?? Buffer.alloc(0), fault);
    answered.count(answer.status);
    sendJson(response, answer);
  }

  const { key, cert } = options.certificate ?? (await makeCertificate());
  const server = createServer({ key, cert }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (error instanceof Error && errorCode(error) === 'ENOSPC') options.onWriteFailed?.(error);
      response.destroy();
    });
  });
  const listener = await listenOnLoopback(server, options.port ?? 0, 'Application Insights emulator');
  const endpoint = `https://127.0.0.1:${listener.port}`;
  return {
    endpoint,
    connectionString: `InstrumentationKey=${instrumentationKey};IngestionEndpoint=${endpoint}/`,
    certificate: cert,
    faults,
    statistics: () => answered.read(),
    envelopes: () => envelopes,
    keepLast(most) {
      kept = most;
    },
    taken: () => new Promise((resolve) => waiting.push(resolve)),
    async stop() {
      await listener.close();
      await file?.close();
    },
  };
}

/** The items of a JSON array, one JSON object or NDJSON; undefined for anything else. */
async function itemsOf(request: IncomingMessage, body: Buffer): Promise<readonly unknown[] | undefined> {
  try {
    const text = (request.headers['content-encoding'] === 'gzip' ? await unzip(body) : body).toString('utf8');
    // One object per line, or a single array.
    const lines = text.trimStart().startsWith('[') ? [text] : text.split('\n').filter((line) => line.trim() !== '');
    return lines.flatMap((line): unknown => JSON.parse(line));
  } catch {
    return undefined;
  }
}
