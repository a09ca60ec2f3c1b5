import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import { newAccount as backfillAccount } from '../../cli/backfill/backfillAccount';
import { progressEntry } from '../../cli/backfill/publishedFiles';
import { CheckpointFile } from '../../cli/common/checkpointFile';
import { readable } from '../../cli/deadLetters/readableLetter';
import type { StoredLetter } from '../../cli/deadLetters/storedLetters';
import { checks } from '../../cli/doctor/checks/allChecks';
import { statuses } from '../../cli/doctor/finding';
import { messagesOf } from '../../cli/input/inputMessages';
import { dryRun } from '../../cli/map/dryRun';
import { asFound } from '../../cli/replay/repairedLetters';
import { newAccount as replayAccount } from '../../cli/replay/replayAccount';
import { sendLetters } from '../../cli/replay/sendLetters';
import { accountJson, newAccount as setAsideAccount } from '../../cli/setAside/setAsideAccount';
import { callFailedLine, heldLine, settledLine, unbalancedLine } from '../../functions/logLines';
import { unknownBatch } from '../../functions/toBatch';
import { runOf } from '../../scripts/sabotage/judgeCopy';
import { plants } from '../../scripts/sabotage/plantedFaults';
import { settings } from '../../shared/appSettings';
import { Books } from '../../shared/books';
import { contradictions } from '../../shared/contradictions';
import { writeLetters } from '../../shared/delivery/deadLetterHub';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { failures } from '../../shared/errors/failures';
import { isObject, parseJson } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { bucketBounds, catalogue, dimensions } from '../../shared/telemetry/catalogue';
import { Partitions } from '../../shared/telemetry/partitions';
import { Recorder } from '../../shared/telemetry/recorder';
import type { Signals } from '../../shared/telemetry/signals';
import { TelemetryErrors } from '../../shared/telemetry/telemetryErrors';
import { defaultTransformSettings } from '../../shared/transform/transformSettings';
import { firstColumns, networkRecord, uidOf, vectors } from '../shared/kit/eventUids';
import { commandJson } from './commandJson';

/**
 * What others depend on: alerts, saved queries, scripts, deployments, stored rows. A change here breaks somebody who is not in
 * this repository, so the snapshot is changed on purpose only, with a line in docs/decisions.md.
 */

const keysOf = (json: string): unknown => {
  const value = parseJson(json);
  return typeof value === 'object' && value !== null ? Object.keys(value) : value;
};

/** `field: type` of each field of a JSON object. */
const typesOf = (json: string): string[] => {
  const value = parseJson(json);
  if (!isObject(value)) throw new Error(`An object was expected, not ${json}.`);
  return Object.entries(value).map(([key, part]) => `${key}: ${Array.isArray(part) ? 'list' : typeof part}`);
};

test('the codes of log lines, metrics and dead letters', () => {
  expect(Object.entries(failures).map(([code, { kind }]) => `${code} ${kind}`)).toMatchSnapshot();
});

test('the metrics, with unit and dimensions', () => {
  const metrics = Object.values(catalogue).map(
    ({ name, kind, unit, dimensions: of }) => `${name} ${kind} ${unit} ${of.join(',')}`,
  );
  expect({ metrics, dimensions: Object.keys(dimensions), bucketBounds }).toMatchSnapshot();
});

test('the settings, with their defaults', () => {
  const all = Object.values(settings).map(
    ({ name, default: value = '(none)' }: { name: string; default?: string }) => `${name}=${value}`,
  );
  expect({ all, contradictions: contradictions.length }).toMatchSnapshot();
});

test('the columns of a row', () => {
  expect(columns).toMatchSnapshot();
});

test('the fields of the log lines of a batch', () => {
  const tally = new Books().tally();
  const error = new DeliveryError('Forbidden', 403, 'no role');
  expect({
    settled: keysOf(settledLine(unknownBatch, tally)),
    unbalanced: keysOf(unbalancedLine(unknownBatch, tally)),
    callFailed: keysOf(callFailedLine(unknownBatch, error, 0, 0)),
    held: keysOf(heldLine(unknownBatch, error, 0, 0)),
  }).toMatchSnapshot();
});

test('the properties of a dead letter in its hub, whole and in parts', async () => {
  const events: EventData[] = [];
  const batch = { maxSizeInBytes: 200_000, tryAdd: (event: EventData) => events.push(event) > 0 };
  // oxlint-disable typescript/no-unsafe-type-assertion -- what is called of them.
  const producer = {
    createBatch: () => Promise.resolve(batch as unknown as EventDataBatch),
    sendBatch: () => Promise.resolve(),
  } as unknown as EventHubProducerClient;
  // oxlint-enable typescript/no-unsafe-type-assertion
  const letter = {
    id: 'hub/0/1/0',
    reason: 'BadTimestamp',
    step: 'transform',
    error: 'e',
    table: 'T',
    scope: 'record',
  } as const;
  const noise = Buffer.from(Array.from({ length: 400_000 }, (_, i) => (i * i * 7 + (i >> 3)) % 251));
  const options = { signal: new AbortController().signal, onAcknowledged: () => undefined };
  await writeLetters(
    producer,
    [
      { ...letter, body: Buffer.from('{}') },
      { ...letter, id: 'hub/0/2/0', body: noise },
    ],
    options,
  );
  expect(events.map(({ properties }) => properties)).toMatchSnapshot();
});

test('the entries of checkpoints that the commands keep', () => {
  expect(progressEntry({ name: 'a.json', version: 'v1' }, 3, true)).toMatchSnapshot();
});

test('the JSON of the commands', () => {
  const subject = { hub: 'h', partition: '0', consumerGroup: 'g', deadLetterHub: 'd' };
  expect({
    tally: Object.keys(new Books().tally()),
    replay: Object.keys(replayAccount()),
    backfill: Object.keys(backfillAccount(1, true)),
    setAside: keysOf(accountJson(setAsideAccount(subject, true))),
  }).toMatchSnapshot();
});

// Saved queries find a line by how it begins: Message startswith '{"event":"BatchHeld"'.
test('a log line begins with its event; the types of its fields when the hub says since when a message waits', () => {
  const batch = { ...unknownBatch, messages: [{ sequenceNumber: '1', body: '', enqueued: new Date() }] };
  const tally = new Books().tally();
  const error = new DeliveryError('Forbidden', 403, 'no role');
  const lines = [
    settledLine(batch, tally),
    unbalancedLine(batch, tally),
    callFailedLine(batch, error, 0, 0),
    heldLine(batch, error, 0, 0),
  ];
  expect(lines.map((line) => [line.slice(0, line.indexOf(',')), typesOf(line)])).toMatchSnapshot();
});

test('the log line about telemetry that is not sent', () => {
  const lines: string[] = [];
  new TelemetryErrors((line) => lines.push(line)).report('TelemetryNotSent', 'no connection');
  expect(lines).toMatchSnapshot();
});

test('the spans of a batch, with their attributes', async () => {
  const found: string[] = [];
  const note = (what: string, attributes: object): number =>
    found.push(`${what}: ${Object.keys(attributes).join(' ')}`);
  const span = {
    set: (attributes: object) => void note('set', attributes),
    fail: () => undefined,
    end: () => undefined,
  };
  const signals: Signals = {
    add: () => undefined,
    measure: () => undefined,
    observe: () => undefined,
    log: () => undefined,
    startSpan: (name, { kind, attributes = {} }) => {
      note(`${kind} "${name}"`, attributes);
      return span;
    },
  };
  const recorder = new Recorder('g', new Partitions());
  recorder.attach(signals);
  const recording = recorder.begin({ ...unknownBatch, hub: 'h' });
  for (const step of ['transform', 'delivery', 'deadLetters'] as const) await recording.step(step, () => undefined);
  const call = { dcrId: 'dcr-1', rows: 1, bytes: 1, retries: undefined };
  await recording.call(call, () => Promise.resolve({ bytesSent: 1 }));
  recording.settled(new Books(), []);
  expect(found).toMatchSnapshot();
});

test('the EventUid of records, and the name that it is made from', () => {
  expect(vectors.map(({ message, name }) => ({ message, name, uid: uidOf(message) }))).toMatchSnapshot();
});

const storedLetter: StoredLetter = {
  id: 'hub/0/1/0',
  enqueued: new Date('2026-11-20T10:00:00Z'),
  reason: 'BadTimestamp',
  step: 'transform',
  error: 'e',
  table: 'T',
  scope: 'record',
  storedBytes: 2,
  body: () => Promise.resolve(Buffer.from('{}')),
};
const bytesLetter: StoredLetter = {
  ...storedLetter,
  table: undefined,
  scope: 'message',
  body: () => Promise.resolve(Buffer.from([0xff])),
};

test('the lines that replay exports, of text and of other bytes', async () => {
  const letters = [storedLetter, bytesLetter];
  const lines = await Promise.all(letters.map(async (letter) => JSON.stringify(await readable(letter))));
  expect(lines).toMatchSnapshot();
});

test('the lines of replay-checkpoint.ndjson', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'frozen-'));
  const path = join(folder, 'replay-checkpoint.ndjson');
  const options = { path, subject: 'replay of d in n', onEntry: () => undefined, isReadOnly: false };
  const checkpoint = await CheckpointFile.open(options);
  await sendLetters({
    letters: asFound([storedLetter]),
    filter: { reasons: [], tables: [], ids: new Set(), since: undefined, until: undefined },
    account: replayAccount(),
    warn: () => undefined,
    signal: new AbortController().signal,
    hubs: new Set(['hub']),
    isDryRun: false,
    sentIds: new Set(),
    checkpoint,
    senders: { send: () => Promise.resolve(true) },
    onProgress: () => undefined,
  });
  await checkpoint.close();
  const content = await readFile(path, 'utf8');
  await rm(folder, { recursive: true });
  expect(content.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, 'TIME')).toMatchSnapshot();
});

test('the lines that map prints', async () => {
  const silent = { explain: undefined, onDeadLetter: () => undefined };
  const options = { file: 'f', settings: defaultTransformSettings, table: undefined, ...silent };
  const input = Readable.from([Buffer.from(networkRecord(firstColumns))]);
  let lines = '';
  for await (const text of dryRun(messagesOf(input, {}), options, new Books())) lines += text;
  expect(lines).toMatchSnapshot();
});

test('the checks of the doctor, and what each can find', () => {
  expect({ checks: checks.map(({ id }) => id), statuses }).toMatchSnapshot();
});

test('the JSON of the commands has the keys and types of commandJson', () => {
  const run = { plant: plants[0], seed: 1, outcome: 'noticed', how: '', seconds: 1 } as const;
  expect(new Books().tally()).toEqual(commandJson.map);
  expect(replayAccount()).toEqual(commandJson.replay);
  expect(backfillAccount(1, true)).toEqual(commandJson.backfill);
  expect(runOf(run)).toEqual(commandJson.sabotage);
  expect(runOf({ ...run, plant: undefined })).toEqual({ ...commandJson.sabotage, plant: null });
});
