import { type FunctionsHost, startHost } from 'azure-emulators/host';
import { root } from '../../../programs';
import { type Ended, run } from '../../replay/kit/replayCommand';
import { type Bench, hub, type Report, startBench, stream } from './doctorBench';
import { type RowsServer, startRowsServer } from './rowsServer';

/** The app on its emulators, and the workspace of its rows. */
export interface SendBench {
  readonly bench: Bench;
  readonly workspace: RowsServer;
  /** The command with --send for this workspace, and with other settings if given. */
  readonly send: (settings?: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Report>;
  /** Likewise, where the command is to end before it prints an object. */
  readonly ended: (settings: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Ended>;
  /** Runs the app in a host whose checkpoints are also in the storage account, as in Azure. */
  readonly startApp: () => Promise<FunctionsHost>;
  /** Rows that were stored. */
  readonly rows: () => Promise<readonly unknown[]>;
  /** Events in the hub. */
  readonly events: () => number;
  stop(): Promise<void>;
}

export async function startSendBench(): Promise<SendBench> {
  const bench = await startBench();
  const { certificate, identity, ingestion, eventHubs, environment } = bench;
  const workspace = await startRowsServer({
    certificate,
    verify: (authorization, audience) => identity.verify(authorization, audience),
    rows: () => ingestion.rows(stream),
  });
  const named = { ROWS_WORKSPACE_RESOURCE_ID: workspace.workspaceId };
  const where = ['--send', '--management', workspace.endpoint, '--query', workspace.endpoint];
  return {
    bench,
    workspace,
    send: async (settings = {}, ...args) => bench.doctor({ ...named, ...settings }, ...where, ...args),
    ended: async (settings, ...args) =>
      run('doctor', ['--timeout', '120', ...where, ...args], bench.folder, { ...environment, ...named, ...settings }),
    startApp: async () =>
      startHost({
        appDirectory: root,
        environment,
        namespaces: { [eventHubs.fullyQualifiedNamespace ?? '']: eventHubs.connectionString() },
        log: () => undefined,
        onEvent: (event) => {
          if (event.kind !== 'checkpoint') return;
          bench.storage.blobs.set(`localhost/${hub}/network-sessions/checkpoint/${event.partitionId}`, {
            sequencenumber: String(event.sequenceNumber),
          });
        },
      }),
    rows: async () => {
      const found: unknown[] = [];
      for await (const row of ingestion.rows(stream)) found.push(JSON.parse(row));
      return found;
    },
    events: () => eventHubs.statistics().counters.eventsStored,
    stop: async () => {
      await Promise.all([bench.stop(), workspace.stop()]);
    },
  };
}
