import { type FunctionsHost, startHost } from 'azure-emulators/host';
import { startWorkspace, type WorkspaceEmulator } from 'azure-emulators/workspace';
import { fieldsOf } from '../../../../shared/fieldsOf';
import { evaluate } from '../../../kql/evaluator/evaluate';
import { type TableRow, tablesWith } from '../../../kql/workspaceTables';
import { root } from '../../../programs';
import { type Ended, run } from '../../replay/kit/replayCommand';
import { type Bench, hub, type Report, startBench, stream } from './doctorBench';

/** The app on its emulators, and the workspace of its rows, which answers any query that the evaluator knows. */
export interface SendBench {
  readonly bench: Bench;
  readonly workspace: WorkspaceEmulator;
  /** The plans of the workspace's tables. */
  readonly plans: { NetworkSessions_CL: string };
  /** Whether queries find the rows that are stored. */
  showsRows: boolean;
  /** Whether the host writes a checkpoint only after a query has found a row. */
  isCheckpointLate: boolean;
  /** The queries that were asked. */
  readonly queries: string[];
  /** From now on the caller has no right to one of the two. */
  readonly deny: (action: 'workspaces/read' | 'query/read') => void;
  /** The command with --send for this workspace, and with other settings if given. */
  readonly send: (settings?: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Report>;
  /** Likewise, where the command is to end before it prints an object. */
  readonly ended: (settings: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Ended>;
  /** Runs the app in a host whose checkpoints are also in the storage account, as in Azure. */
  readonly startApp: () => Promise<FunctionsHost>;
  /** Rows that were stored. */
  readonly rows: () => Promise<readonly TableRow[]>;
  /** Events in the hub. */
  readonly events: () => number;
  stop(): Promise<void>;
}

export async function startSendBench(): Promise<SendBench> {
  const bench = await startBench();
  const { certificate, identity, ingestion, eventHubs, environment } = bench;
  const plans = { NetworkSessions_CL: 'Analytics' };
  const heldBack: (() => void)[] = [];
  const workspace = await startWorkspace({
    certificate,
    tables: plans,
    authorize: (authorization, audience) => identity.verify(authorization, audience),
    answer: async ({ query }) => {
      on.queries.push(query);
      const tables = tablesWith({ NetworkSessions_CL: on.showsRows ? await on.rows() : [] });
      const result = evaluate(query, { tables, now: new Date().toISOString() });
      if (result.rows.length > 0) for (const write of heldBack.splice(0)) write();
      return result;
    },
  });
  const named = { ROWS_WORKSPACE_RESOURCE_ID: workspace.resourceId };
  const where = ['--send', '--management', workspace.endpoint, '--query', workspace.endpoint, '--wait', '900'];
  const on: SendBench = {
    bench,
    workspace,
    plans,
    showsRows: true,
    isCheckpointLate: false,
    queries: [],
    deny: (action) => {
      workspace.faults.inject({
        on: action === 'query/read' ? 'query' : 'management',
        kind: 'status',
        status: 403,
        code: 'AuthorizationFailed',
        message: `The client 'someone' has no authorization to perform action '${action}'.`,
        times: Number.POSITIVE_INFINITY,
      });
    },
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
          const write = (): void => {
            bench.storage.blobs.set(`localhost/${hub}/network-sessions/checkpoint/${event.partitionId}`, {
              sequencenumber: String(event.sequenceNumber),
            });
          };
          if (on.isCheckpointLate) heldBack.push(write);
          else write();
        },
      }),
    rows: async () => {
      const found: TableRow[] = [];
      for await (const row of ingestion.rows(stream)) found.push(fieldsOf(JSON.parse(row)));
      return found;
    },
    events: () => eventHubs.statistics().counters.eventsStored,
    stop: async () => {
      await Promise.all([bench.stop(), workspace.stop()]);
    },
  };
  return on;
}
