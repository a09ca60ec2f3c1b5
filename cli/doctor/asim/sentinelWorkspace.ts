import { fieldsOf } from '../../../shared/fieldsOf';
import { AzureApi } from '../../azure/azureApi';
import { textOf } from '../../azure/jsonText';
import { LogsQuery } from '../../azure/logsQuery';
import type { SignIns } from '../signIns';
import { within } from '../timeLimit';
import type { WorkspaceAccess } from '../workspaceAccess';
import { type DeviceCounts, deviceCounts } from './deviceCounts';
import { type SavedFunction, SavedFunctions } from './savedFunctions';
import { DisabledParsers, ifThere, type WatchlistItem } from './watchlist';

/** An answer, or why there is none. */
export type Part<T> = { readonly value: T } | { readonly error: unknown };

/** What is in the workspace now. Each part may fail by itself: it needs rights of its own. */
export interface Look {
  readonly hasSentinel: Part<boolean>;
  /** Plan of NetworkSessions_CL; undefined without that table. */
  readonly tablePlan: Part<string | undefined>;
  readonly functions: Part<readonly SavedFunction[]>;
  /** Rows of the watchlist; undefined without the list. */
  readonly disabled: Part<readonly WatchlistItem[] | undefined>;
  readonly devices: Part<DeviceCounts>;
}

/** A workspace, looked at and changed through Azure's management endpoint. */
export class SentinelWorkspace {
  readonly functions: SavedFunctions;
  readonly disabled: DisabledParsers;
  readonly #management: AzureApi;
  readonly #logs: LogsQuery;

  constructor(
    readonly access: WorkspaceAccess,
    signIns: SignIns,
    /** The time limit of one question. */
    readonly seconds: number,
  ) {
    const credential = signIns.credential(undefined);
    this.#management = new AzureApi(access.management, credential);
    this.#logs = new LogsQuery(access.query, credential);
    this.functions = new SavedFunctions(this.#management, access.id);
    this.disabled = new DisabledParsers(this.#management, access.id);
  }

  /** Reads the workspace. @throws AzureApiError or why there is no answer: then nothing else can be asked either */
  async look(): Promise<Look> {
    const workspace = await this.get('', 'api-version=2025-07-01');
    const customerId = textOf(fieldsOf(fieldsOf(workspace)['properties'])['customerId']);
    const [hasSentinel, tablePlan, functions, disabled, devices] = await Promise.all([
      this.part(async () => (await this.onboarding()) !== undefined),
      this.part(async () => this.tablePlan()),
      this.part(async (signal) => this.functions.list(signal)),
      this.part(async (signal) => this.disabled.items(signal)),
      this.part(async () => deviceCounts(this.#logs, customerId)),
    ]);
    return { hasSentinel, tablePlan, functions, disabled, devices };
  }

  private async onboarding(): Promise<unknown> {
    const path = '/providers/Microsoft.SecurityInsights/onboardingStates/default';
    return ifThere(this.get(path, 'api-version=2025-09-01'));
  }

  private async tablePlan(): Promise<string | undefined> {
    const table = await ifThere(this.get('/tables/NetworkSessions_CL', 'api-version=2025-07-01'));
    const { plan } = fieldsOf(fieldsOf(table)['properties']);
    return table === undefined ? undefined : textOf(plan) || 'Analytics';
  }

  private async get(path: string, version: string): Promise<unknown> {
    return within(this.seconds, async (signal) => {
      const { body } = await this.#management.call('GET', `${this.access.id}${path}?${version}`, { signal });
      return body ?? {};
    });
  }

  private async part<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<Part<T>> {
    return within(this.seconds, ask).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
  }
}

export function valueOf<T>(part: Part<T>): T | undefined {
  return 'value' in part ? part.value : undefined;
}
