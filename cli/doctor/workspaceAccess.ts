import { workspaceIdIn } from '../azure/workspaceId';
import { UsageError } from '../common/exit';

/** The workspace of the rows, and where Azure answers for it. */
export interface WorkspaceAccess {
  /** Resource id. */
  readonly id: string;
  /** Endpoints, each also the audience of its tokens. */
  readonly management: string;
  readonly query: string;
}

/** The settings with the same, for the commands alone. azd's output has the name of the first. */
export const workspaceSettings = {
  id: 'ROWS_WORKSPACE_RESOURCE_ID',
  management: 'ROWS_WORKSPACE_MANAGEMENT_ENDPOINT',
  query: 'ROWS_WORKSPACE_QUERY_ENDPOINT',
} as const;

/** @throws UsageError for a text that is no resource id, or no endpoint */
export function workspaceAccess(id: string, management: string, query: string): WorkspaceAccess {
  const known = workspaceIdIn(id);
  if (known === undefined) {
    throw new UsageError(
      `--workspace: expected the resource id of a workspace, /subscriptions/.../resourceGroups/.../providers/Microsoft.OperationalInsights/workspaces/NAME; found "${id}".\nTo find it: az monitor log-analytics workspace show --resource-group GROUP --workspace-name NAME --query id`,
    );
  }
  return { id: known, management: endpointOf('management', management), query: endpointOf('query', query) };
}

function endpointOf(option: string, text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' && url.pathname === '/' && url.search === '') return url.origin;
  throw new UsageError(`--${option}: expected https://<host>, without a path; found "${text}".`);
}
