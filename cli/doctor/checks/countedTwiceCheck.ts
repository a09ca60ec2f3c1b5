import { countedTwice } from '../asim/countedTwice';
import { SentinelWorkspace } from '../asim/sentinelWorkspace';
import { workspaceProblem } from '../asim/workspaceProblem';
import type { Check } from '../doctorCheck';
import { type Finding, ok, unknown } from '../finding';

export const countedTwiceCheck: Check = {
  id: 'countedTwice',
  question: 'Does Sentinel count sessions twice?',
  how: 'In the workspace of `--workspace`, or of the DCR with `--app`: the devices of the last day in DeviceNetworkEvents, NetworkSessions_CL and ASimNetworkSessionLogs are compared (`infra/queries/sentinel/counted-twice.kql`), and the functions and the watchlist that decide which of them Sentinel reads are looked at.',
  assumes:
    'That a device with sessions in two of the tables has the same sessions in both; single sessions are not compared.',
  run: async (deployment) => {
    const { workspace, signIns, seconds, isLocal } = deployment;
    if (workspace !== undefined) return look(new SentinelWorkspace(workspace, signIns, seconds));
    if (isLocal) return [ok('', 'On a laptop there is no workspace.')];
    const next = 'Name the workspace of the rows: --workspace RESOURCE_ID.';
    return [unknown('', 'Not checked: the settings do not say which workspace the rows go to.', next)];
  },
};

async function look(workspace: SentinelWorkspace): Promise<readonly Finding[]> {
  try {
    return countedTwice(await workspace.look());
  } catch (error) {
    const { found, next } = workspaceProblem(error, 'read');
    return [unknown('', found, next)];
  }
}
