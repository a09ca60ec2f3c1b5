import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubProducerClient } from '@azure/event-hubs';
import { startHost } from 'azure-emulators/host';
import { startIngestion } from 'azure-emulators/ingestion';
import { startServices } from '../../cli/emulators/services';
import { columns } from '../../shared/sessions/networkSessionsColumns';
import { writableColumns } from '../../shared/sessions/row';
import { message, recordOf } from '../shared/kit/batches';
import { root } from './childCommand';

jest.setTimeout(120_000);

const directory = mkdtempSync(join(tmpdir(), 'rules-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const [closed, open] = ['dcr-closed', 'dcr-open'];
const audience = 'https://monitor.azure.com';
const partitions = ['0', '1', '2', '3'];
const perPartition = 6;
/** Event 10 is in partition 1. */
const idsOf = (partition: string): number[] =>
  Array.from({ length: perPartition }, (_, i) => Number(partition) * 10 + i);

test('a DCR that rejects the app holds its own partitions only; once corrected, it alone gets their rows', async () => {
  const services = await startServices({ directory, partitions: partitions.length });
  let holdsRole = false;
  const rowsByRule = new Map<string, string[]>([closed, open].map((rule) => [rule, []]));
  const streams = { [services.stream]: writableColumns.map((name) => ({ name, type: columns[name] })) };
  const ingestion = await startIngestion({
    rules: [
      { immutableId: closed, streams, allowedClientIds: ['app'] },
      { immutableId: open, streams },
    ],
    authorize: (authorization) => services.identity.verify(authorization, audience),
    clientIdOf: () => (holdsRole ? 'app' : 'nobody'),
    onStored: ({ ruleId, rows }) => rowsByRule.get(ruleId)?.push(...rows),
  });
  const certificate = join(directory, 'two-rules.pem');
  await writeFile(certificate, ingestion.certificate);
  const held = new Set<unknown>();
  const host = await startHost({
    appDirectory: root,
    clockScale: 0.01,
    environment: {
      ...services.appSettings,
      LOGS_INGESTION_ENDPOINT: ingestion.endpoint,
      LOGS_INGESTION_RULE_IDS: `${closed},${open}`,
      NODE_EXTRA_CA_CERTS: certificate,
    },
    log: ({ message: line }) => {
      const heldPartition = /"event":"BatchHeld".*"partition":"(\d)".*"status":403/.exec(line)?.[1];
      if (heldPartition !== undefined) held.add(heldPartition);
    },
  });
  const storedIn = (rule: string): number[] =>
    (rowsByRule.get(rule) ?? [])
      .map((row) => Number(/"EventOriginalUid":"(\d+)"/.exec(row)?.[1]))
      .toSorted((one, other) => one - other);
  const producer = new EventHubProducerClient(services.eventHubs.connectionString(), services.hub);
  try {
    for (const partitionId of partitions) {
      for (const id of idsOf(partitionId)) await producer.sendBatch([{ body: message(recordOf(id)) }], { partitionId });
    }
    const toOpen = [...idsOf('1'), ...idsOf('3')];
    while (storedIn(open).length < toOpen.length || held.size < 2) await new Promise((done) => setTimeout(done, 20));
    expect([storedIn(open), storedIn(closed)]).toEqual([toOpen, []]);
    expect(held).toEqual(new Set(['0', '2']));

    holdsRole = true;
    await host.drained();
    expect([storedIn(open), storedIn(closed)]).toEqual([toOpen, [...idsOf('0'), ...idsOf('2')]]);
  } finally {
    await producer.close();
    await host.stop();
    await ingestion.stop();
    await services.stop();
  }
});
