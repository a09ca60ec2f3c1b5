import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, trouble } from '../finding';
import { NoCheckpoints } from '../hostCheckpoints';
import type { PartitionProgress } from '../partitionProgress';
import { noSettings } from './hubsCheck';

/** Events are settled within seconds; one that waits this long is held, or the app does not keep up. */
const lateFromMs = 15 * 60_000;

export const backlogCheck: Check = {
  id: 'backlog',
  question: 'Does the app keep up?',
  how: 'The checkpoints that the Functions host keeps in `AzureWebJobsStorage` are held against the ends of the partitions. When the oldest waiting event came is read from that event, through the group `$Default`.',
  assumes:
    "The host's names of container and blobs (`azure-webjobs-eventhub`, `<namespace>/<hub>/<group>/checkpoint/<partition>`), read in its source.",
  run: async (deployment) => perHub(deployment, backlogOf, whyNot),
};

/** What `judge` finds in a hub, or why the checkpoints cannot be had. */
export async function perHub(
  deployment: Deployment,
  judge: (hub: string, partitions: readonly PartitionProgress[]) => readonly Finding[],
  otherwise: (hub: string, error: unknown) => Finding,
): Promise<readonly Finding[]> {
  const { hubs } = deployment;
  if (hubs === undefined) return [noSettings()];
  const findings = hubs.eventHubNames.map(async (hub) => {
    try {
      return judge(hub, await deployment.progress(hub));
    } catch (error) {
      return [otherwise(hub, error)];
    }
  });
  return (await Promise.all(findings)).flat();
}

/** By the code of the storage account. */
const storageAdvice: Readonly<Record<string, string>> = {
  NoToken: 'See the check tokens.',
  AuthorizationPermissionMismatch: 'To read them you need the role Storage Blob Data Reader on the storage account.',
  AuthorizationFailure: 'The firewall of the storage account, or its ban on keys, keeps you out.',
  AuthenticationFailed: 'The key in AzureWebJobsStorage is wrong, or the clock.',
  ECONNREFUSED:
    'On a laptop that is usual: the embedded host of npm start keeps them itself, and its books show what is settled; Core Tools needs Azurite.',
  Other:
    'Set AzureWebJobsStorage or AzureWebJobsStorage__accountName as the app has it. On a laptop npm start needs neither.',
};

function whyNot(hub: string, error: unknown): Finding {
  if (!(error instanceof NoCheckpoints)) {
    return trouble('unknown', hub, 'Not asked: the hub does not answer.', 'See the checks hubs and tokens.');
  }
  const reason = reasonFor(error.cause);
  const next =
    storageAdvice[reason.code] ??
    networkAdvice(reason, 'AzureWebJobsStorage') ??
    'See whether you may read the storage account.';
  return trouble('unknown', hub, `The checkpoints cannot be read: ${reason.text}`, next);
}

function backlogOf(hub: string, partitions: readonly PartitionProgress[]): readonly Finding[] {
  return partitions.map((partition) => {
    const subject = `${hub}/${partition.partition}`;
    const { checkpoint, waiting, oldestWaiting } = partition;
    const settled = checkpoint === undefined ? 'no batch was ever settled' : `last settled ${ago(checkpoint.written)}`;
    if (waiting === 0) return ok(subject, `No event waits; ${settled}.`);
    const waits = `${waiting.toLocaleString('en-US')} event${waiting === 1 ? ' waits' : 's wait'}; ${settled}`;
    if (typeof oldestWaiting === 'string') {
      return trouble(
        'unknown',
        subject,
        `${waits}. Since when is not known: ${oldestWaiting}.`,
        'Give the app a consumer group of its own; see also the metric network_sessions.partition.oldest_age.',
      );
    }
    const found = oldestWaiting === undefined ? `${waits}.` : `${waits}; the oldest came ${ago(oldestWaiting)}.`;
    const isLate = oldestWaiting !== undefined && Date.now() - oldestWaiting.getTime() >= lateFromMs;
    if (isLate)
      return trouble(
        'warning',
        subject,
        found,
        'The partition is held, or the app does not run or keep up: see its log for BatchHeld, then docs/reliability.md.',
      );
    return ok(subject, found);
  });
}

/** Such as `3 min ago`. */
export function ago(time: Date): string {
  return `${span(Date.now() - time.getTime())} ago`;
}

export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
