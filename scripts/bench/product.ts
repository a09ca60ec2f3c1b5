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
import { defaultTransformSettings as transform } from '../../shared/transform/transformSettings';
import type { Batch } from './records';
import { credential, type OnRequest, stubbedHttp, target } from './service';

const hub = 'insights-logs-advancedhunting-devicenetworkevents';
const ingestion = { ruleIds: [target.ruleId], concurrency: 4, budgetSeconds: 90 };

let rules: DropRules | undefined;

/** From now on the product applies the rules of a file. All only count, so that the rows stay the same. @throws if one is wrong */
export function useRules(file: string): void {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- readRules checks the rest.
  const { rules: list } = JSON.parse(readFileSync(file, 'utf8')) as { rules: { name: string; when: unknown }[] };
  const counting = list.map(({ name, when }) => ({ name, action: 'count', when }));
  const read = readRules(JSON.stringify({ rules: counting }));
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  ({ rules } = read);
}

/** The product's own pipeline over stubbed HTTP. No other file of the benchmark knows the pipeline or its telemetry. */
export class Product {
  readonly #pipeline: Pipeline;
  readonly #recorder: Recorder | undefined;
  #sequenceNumber = 0;

  constructor({ onRequest, recorder }: { readonly onRequest?: OnRequest; readonly recorder?: Recorder } = {}) {
    const sender = createSender(
      { ...target, clientId: undefined, timeoutSeconds: 30 },
      { credential, httpClient: stubbedHttp(onRequest) },
    );
    const deadLetters = {
      write: () => Promise.reject(new Error('A believable record became a dead letter.')),
      close: () => Promise.resolve(),
    };
    this.#recorder = recorder;
    this.#pipeline = new Pipeline({ transform, rules, ingestion, sender, deadLetters });
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

/** The rows that the product sends for a batch. */
export async function rowsOf(batch: Batch): Promise<unknown[]> {
  const rows: unknown[] = [];
  const onRequest: OnRequest = ({ body }) => {
    if (!(body instanceof Uint8Array)) throw new TypeError('The product sends its rows as bytes.');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a body is an array of rows.
    rows.push(...(JSON.parse(gunzipSync(body).toString()) as unknown[]));
  };
  await new Product({ onRequest }).settle(batch);
  return rows;
}
