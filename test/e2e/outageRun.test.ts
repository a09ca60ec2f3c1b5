import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateStream } from 'defender-samples';
import { publish } from '../../cli/emulators/publish';
import { startApp, startServices } from '../../cli/emulators/services';
import { root } from './childCommand';

const directory = mkdtempSync(join(tmpdir(), 'outage-test-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The one-line JSON that the app logs for each batch. */
function eventOf(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = line.startsWith('{"event":') ? JSON.parse(line) : undefined;
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

test('while ingestion is down, the hub keeps the backlog and no record is counted; when it is back, the app settles everything', async () => {
  const messages = [...generateStream({ records: 2000, seed: 5, end: new Date() })];
  const held = new Map<unknown, ReturnType<typeof eventOf>>();
  let settled = 0;
  const services = await startServices({ directory, appSettings: { DELIVERY_BUDGET_SECONDS: '1' } });
  const log = ({ message }: { message: string }): void => {
    const line = eventOf(message);
    if (line['event'] === 'BatchHeld') held.set(line['partition'], line);
    if (line['event'] === 'BatchSettled') settled++;
  };
  const host = await startApp(services, root, { log, clockScale: 0.05 });
  try {
    services.ingestion.faults.inject({ kind: 'status', status: 503, probability: 1 });
    const connection = services.eventHubs.connectionString();
    await publish(connection, services.hub, messages, new AbortController().signal);
    while (held.size < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBe(0);
    expect(services.ingestion.statistics().stored).toEqual({});
    for (const { status, oldestWaitingSeconds } of held.values()) {
      expect(status).toBe(503);
      expect(Number(oldestWaitingSeconds)).toBeGreaterThanOrEqual(0);
    }
    const { functions } = host.statistics();
    expect(functions.map(({ checkpoints, eventsGivenUp }) => [checkpoints, eventsGivenUp])).toEqual([[0, 0]]);

    services.ingestion.faults.clear();
    await host.drained();
  } finally {
    await host.stop();
    await services.stop();
  }
  const uids = new Set<string>();
  let rows = 0;
  for await (const row of services.ingestion.rows(services.stream)) {
    rows++;
    uids.add(/"EventUid":"([^"]+)"/.exec(row)?.[1] ?? '');
  }
  expect(rows).toBe(messages.reduce((sum, message) => sum + message.expected.rows, 0));
  expect(uids.size).toBe(rows);
});
