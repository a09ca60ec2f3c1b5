import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type BatchRecording, notRecorded } from '../../shared/delivery/batchRecording';
import { createSender } from '../../shared/delivery/sender';
import { Pipeline } from '../../shared/pipeline';
import type { DropRules } from '../../shared/rules/dropRules';
import { readRules } from '../../shared/rules/ruleFile';
import { startExport } from '../../shared/telemetry/exporter';
import { Partitions } from '../../shared/telemetry/partitions';
import { Recorder } from '../../shared/telemetry/recorder';
import { TelemetryErrors } from '../../shared/telemetry/telemetryErrors';
import { defaultTransformSettings, type TransformSettings } from '../../shared/transform/transformSettings';
import type { Batch } from './records';
import { credential, type OnRequest, stubbedHttp, target } from './service';

const hub = 'insights-logs-advancedhunting-devicenetworkevents';
const ingestion = { ruleIds: [target.ruleId], concurrency: 4, budgetSeconds: 90 };

let rules: DropRules | undefined;

/** From now on the product applies the rules of a file; with `countsOnly` all of them only count. @throws if one is wrong */
export function useRules(file: string, countsOnly: boolean): void {
  const text = readFileSync(file, 'utf8');
  const read = readRules(countsOnly ? counting(text) : text);
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  ({ rules } = read);
}

function counting(text: string): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- readRules checks the rest.
  const { rules: list } = JSON.parse(text) as { rules: { name: string; when: unknown }[] };
  return JSON.stringify({ rules: list.map(({ name, when }) => ({ name, action: 'count', when })) });
}

export interface ProductOptions {
  readonly onRequest?: OnRequest;
  readonly recorder?: Recorder;
  /** Default those of an app without such settings. */
  readonly transform?: TransformSettings;
  /** False sends every row, whatever {@link useRules} said. */
  readonly appliesRules?: boolean;
}

/** The product's own pipeline over stubbed HTTP. No other file of the benchmark knows the pipeline or its telemetry. */
export class Product {
  readonly #pipeline: Pipeline;
  readonly #recorder: Recorder | undefined;
  #sequenceNumber = 0;

  constructor({ onRequest, recorder, transform = defaultTransformSettings, appliesRules = true }: ProductOptions = {}) {
    const sender = createSender(
      { ...target, clientId: undefined, timeoutSeconds: 30 },
      { credential, httpClient: stubbedHttp(onRequest) },
    );
    const deadLetters = {
      write: () => Promise.reject(new Error('A believable record became a dead letter.')),
      close: () => Promise.resolve(),
    };
    this.#recorder = recorder;
    this.#pipeline = new Pipeline({
      transform,
      rules: appliesRules ? rules : undefined,
      ingestion,
      sender,
      deadLetters,
    });
  }

  /**
   * Calls `onMapped` before the rows are sent, where telemetry is off.
   * @throws when a record is a duplicate: it would cost less than a row.
   */
  async settle({ bodies }: Batch, partition = 0, onMapped?: () => void): Promise<void> {
    const enqueued = new Date();
    const messages = bodies.map((body) => ({ sequenceNumber: String(this.#sequenceNumber++), body, enqueued }));
    const batch = { hub, partition: String(partition), invocationId: 'bench', messages };
    const recorded = this.#recorder?.begin(batch);
    const { duplicates } = await this.#pipeline.settle(batch, recorded ?? telling(onMapped));
    recorded?.ended();
    if (duplicates > 0) throw new Error(`${duplicates} records were settled as duplicates.`);
  }
}

function telling(onMapped: (() => void) | undefined): BatchRecording {
  if (onMapped === undefined) return notRecorded;
  return {
    ...notRecorded,
    step: async (step, work) => {
      if (step === 'delivery') onMapped();
      return work();
    },
  };
}

/** Telemetry as in the app when it is on. Nothing listens where the exports go. */
export async function startTelemetry(): Promise<Recorder> {
  const connectionString =
    'InstrumentationKey=00000000-0000-0000-0000-000000000001;IngestionEndpoint=https://127.0.0.1:1/';
  const settings = { connectionString, identity: undefined, intervalSeconds: 60 };
  const recorder = new Recorder('$Default', new Partitions());
  const { signals } = await startExport(settings, {}, new TelemetryErrors(() => undefined));
  recorder.attach(signals);
  return recorder;
}

/** The rows that the product sends for a batch, also those that a rule would drop: the floor stays the same with rules. */
export async function rowsOf(batch: Batch, transform = defaultTransformSettings): Promise<unknown[]> {
  const rows: unknown[] = [];
  const onRequest: OnRequest = ({ body }) => {
    if (!(body instanceof Uint8Array)) throw new TypeError('The product sends its rows as bytes.');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a body is an array of rows.
    rows.push(...(JSON.parse(gunzipSync(body).toString()) as unknown[]));
  };
  await new Product({ onRequest, transform, appliesRules: false }).settle(batch);
  return rows;
}
