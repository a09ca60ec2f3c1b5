import { fieldsOf } from '../../../shared/fieldsOf';
import { AzureApi, AzureApiError } from '../../azure/azureApi';
import { textOf } from '../../azure/jsonText';
import { LogsQuery } from '../../azure/logsQuery';
import { fileText } from '../asim/parserFiles';
import type { SignIns } from '../signIns';
import { within } from '../timeLimit';
import type { WorkspaceAccess } from '../workspaceAccess';
import { askingFor, firstEventQuery } from './firstEventQuery';

/** A row that was found. */
export interface StoredRow {
  readonly table: string;
  /** By Azure's clock; undefined where the workspace does not say. */
  readonly received: Date | undefined;
  readonly stored: Date | undefined;
}

/** The workspace of the rows, as far as a row is looked for in it. */
export class RowsWorkspace {
  private constructor(
    private readonly logs: LogsQuery,
    private readonly customerId: string,
    private readonly query: string,
    private readonly seconds: number,
    /** Plan of NetworkSessions_CL; undefined without that table. */
    readonly tablePlan: string | undefined,
  ) {}

  /** @throws AzureApiError, or why there is no answer */
  static async open(access: WorkspaceAccess, signIns: SignIns, seconds: number): Promise<RowsWorkspace> {
    const credential = signIns.credential(undefined);
    const management = new AzureApi(access.management, credential);
    const properties = async (path: string): Promise<Readonly<Record<string, unknown>>> => {
      const url = `${access.id}${path}?api-version=2025-07-01`;
      const { body } = await within(seconds, async (signal) => management.call('GET', url, { signal }));
      return fieldsOf(fieldsOf(body)['properties']);
    };
    const { customerId } = await properties('');
    const plan = await properties('/tables/NetworkSessions_CL').then(
      ({ plan: found }) => textOf(found) || 'Analytics',
      (error: unknown) => {
        if (error instanceof AzureApiError && error.status === 404) return undefined;
        throw error;
      },
    );
    const query = await fileText(firstEventQuery);
    return new RowsWorkspace(new LogsQuery(access.query, credential), textOf(customerId), query, seconds, plan);
  }

  /** @throws AzureApiError, or why there is no answer */
  async rowOf(eventUid: string): Promise<StoredRow | undefined> {
    const [row] = await within(this.seconds, async () =>
      this.logs.rows(this.customerId, askingFor(this.query, eventUid)),
    );
    if (row === undefined) return undefined;
    const { Table: table, Received: received, Stored: stored } = row;
    return { table: textOf(table), received: dateOf(received), stored: dateOf(stored) };
  }
}

function dateOf(value: unknown): Date | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined;
}
