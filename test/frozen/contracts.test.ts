import type { EventData, EventDataBatch, EventHubProducerClient } from '@azure/event-hubs';
import { newAccount as backfillAccount } from '../../cli/backfill/backfillAccount';
import { positionEntry } from '../../cli/backfill/filePositions';
import { newAccount as replayAccount } from '../../cli/replay/replayAccount';
import { accountJson, newAccount as setAsideAccount } from '../../cli/setAside/setAsideAccount';
import { callFailedLine, heldLine, settledLine, unbalancedLine } from '../../functions/logLines';
import { unknownBatch } from '../../functions/toBatch';
import { settings } from '../../shared/appSettings';
import { Books } from '../../shared/books';
import { contradictions } from '../../shared/contradictions';
import { writeLetters } from '../../shared/delivery/deadLetterHub';
import { DeliveryError } from '../../shared/errors/batchErrors';
import { failures } from '../../shared/errors/failures';
import { parseJson } from '../../shared/json';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { bucketBounds, catalogue, dimensions } from '../../shared/telemetry/catalogue';

/**
 * What others depend on: alerts, saved queries, scripts, deployments, stored rows. A change here breaks somebody who is not in
 * this repository, so the snapshot is changed on purpose only, with a line in docs/decisions.md.
 */

const keysOf = (json: string): unknown => {
  const value = parseJson(json);
  return typeof value === 'object' && value !== null ? Object.keys(value) : value;
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
  expect(positionEntry({ name: 'a.json', version: 'v1' }, 3, true)).toMatchSnapshot();
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
