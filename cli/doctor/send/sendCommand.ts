import { hubNamed, readHubConfig } from '../../azure/partialConfig';
import { exitCodes, UsageError } from '../../common/exit';
import type { SettingsSource } from '../../common/settingsSource';
import { columnsOf, fitted } from '../../common/terminal';
import { workspaceProblem } from '../asim/workspaceProblem';
import { hubError, sender } from '../checks/hubsCheck';
import type { Deployment } from '../deployment';
import { countsOf, reportText } from '../doctorReport';
import { reasonFor } from '../errorReason';
import { type Examined, withoutSecretsIn } from '../examine';
import type { WorkspaceAccess } from '../workspaceAccess';
import { follow } from './follow';
import { markedRecord } from './markedRecord';
import { RowsWorkspace } from './rowsWorkspace';
import { delaysOf, notSent, sendFindings } from './sendFindings';
import { sendRecord } from './sendRecord';
import { AppProgress } from './takenByApp';

export interface SendOptions {
  readonly hub: string | undefined;
  /** How long to look for the row. */
  readonly waitSeconds: number;
  readonly json: boolean;
}

/**
 * Puts one marked record into the hub and waits until a query finds its row. Sends nothing where the workspace cannot be asked.
 * @throws ConfigError, UsageError
 */
export async function runSend(
  source: SettingsSource,
  deployment: Deployment,
  access: WorkspaceAccess,
  { hub: named, waitSeconds, json }: SendOptions,
): Promise<number> {
  const config = readHubConfig(source.environment);
  const hub = hubNamed(config, named);
  const { eventUid, body } = await markedRecord(new Date());
  const { workspace, canQuery } = await openWorkspace(access, deployment, eventUid);
  say(`Sending one record to ${hub}, then looking for its row in ${access.id} for at most ${waitSeconds} s.`);
  const sent = await sendRecord(body, hub, config, deployment).catch((error: unknown) => ({ error }));
  if ('error' in sent) {
    const missing = 'Create the hub, or name another one with --hub.';
    const finding = hubError(deployment, hub, reasonFor(sent.error), missing, sender);
    return report(notSent(finding), { settings: source.name, workspace: access.id, hub, eventUid, seconds: {} }, json);
  }
  const app = new AppProgress(sent, config, deployment);
  const asked = canQuery ? workspace : undefined;
  const followed = await follow(sent, eventUid, app, { workspace: asked, waitSeconds });
  const hasDropRules = (source.environment['DROP_RULES_FILE'] ?? '').trim() !== '';
  const seen = { eventUid, sent, app, followed, workspace, canQuery, hasDropRules };
  const account = { settings: source.name, workspace: access.id, hub, eventUid, seconds: delaysOf(seen) };
  return report(sendFindings(seen), account, json);
}

interface Opened {
  readonly workspace: RowsWorkspace;
  readonly canQuery: boolean;
}

/** The rights are tried before anything is sent. @throws UsageError */
async function openWorkspace(access: WorkspaceAccess, { signIns, seconds }: Deployment, uid: string): Promise<Opened> {
  try {
    const workspace = await RowsWorkspace.open(access, signIns, seconds);
    // The query API does not read tables of the other plans.
    const canQuery = workspace.tablePlan === undefined || workspace.tablePlan === 'Analytics';
    if (canQuery) await workspace.rowOf(uid);
    return { workspace, canQuery };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { found, next } = workspaceProblem(error, 'query');
    throw new UsageError(`Nothing was sent: the workspace ${access.id} cannot be asked. ${found}\n${next}`, {
      cause: error,
    });
  }
}

function report(steps: readonly Examined[], account: object, json: boolean): number {
  const examined = steps.map(({ id, findings }) => ({ id, findings: findings.map(withoutSecretsIn) }));
  const counts = countsOf(examined);
  console.log(reportText(examined, columnsOf(process.stdout)));
  if (json) console.log(JSON.stringify({ ...account, ...counts, checks: examined }));
  const isFound = examined.every(({ findings }) => findings.every(({ status }) => status === 'ok'));
  return isFound ? exitCodes.well : exitCodes.wrong;
}

function say(text: string): void {
  console.error(fitted(text, columnsOf(process.stderr)));
}
