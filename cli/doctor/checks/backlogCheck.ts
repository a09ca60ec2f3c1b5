import { counted } from '../../common/numberText';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, unknown, warning } from '../finding';
import { NoCheckpoints } from '../hostCheckpoints';
import type { PartitionProgress } from '../partitionProgress';
import { forEachHub } from './hubsCheck';

/** The app settles events within seconds; when one waits this long, its batch is held or the app does not keep up. */
const lateFromMs = 15 * 60_000;

export const backlogCheck: Check = {
  id: 'backlog',
  question: 'Does the app keep up?',
  how: 'The checkpoints that the Functions host keeps in `AzureWebJobsStorage` are compared with the ends of the partitions. The oldest waiting event is read through the group `$Default` to see when it arrived.',
  assumes:
    "The host's names of container and blobs (`azure-webjobs-eventhub`, `<namespace>/<hub>/<group>/checkpoint/<partition>`), read in its source.",
  run: (deployment) =>
    forEachHub(deployment, async (hub) => {
      try {
        return (await deployment.progress(hub)).map((partition) => backlogOf(hub, partition));
      } catch (error) {
        return [whyUnknown(hub, error)];
      }
    }),
};

/** What to do, by the error code of the storage account. */
const storageAdvice: Readonly<Record<string, string>> = {
  NoToken: 'See the check tokens.',
  AuthorizationPermissionMismatch: 'To read them you need the role Storage Blob Data Reader on the storage account.',
  AuthorizationFailure: 'The firewall of the storage account rejects this machine, or the account allows no keys.',
  AuthenticationFailed: 'The key in AzureWebJobsStorage is wrong, or the clock of this machine is.',
  ECONNREFUSED:
    'On a laptop: does an app run? npm start runs one, npm run emulators alone does not. Core Tools keeps the checkpoints in Azurite.',
  Other:
    'Set AzureWebJobsStorage or AzureWebJobsStorage__accountName as the app has it. On a laptop use the settings file of a running npm start.',
};

function whyUnknown(hub: string, error: unknown): Finding {
  if (!(error instanceof NoCheckpoints))
    return unknown(hub, 'Not checked: the hub does not answer.', 'See the checks hubs and tokens.');
  return noCheckpoints(hub, error.cause);
}

/** Why the checkpoints cannot be read, and what to do. */
export function noCheckpoints(subject: string, error: unknown): Finding {
  const reason = reasonFor(error);
  const next = storageAdvice[reason.code] ?? networkAdvice(reason, 'AzureWebJobsStorage');
  const found = `The checkpoints cannot be read: ${reason.text}`;
  return unknown(subject, found, next ?? 'Check that you may read the storage account.');
}

function backlogOf(hub: string, { partition, checkpoint, waiting, oldestWaiting }: PartitionProgress): Finding {
  const subject = `${hub}/${partition}`;
  const settled = checkpoint === undefined ? 'no batch was ever settled' : `last settled ${ago(checkpoint.written)}`;
  if (waiting === 0) return ok(subject, `No event waits; ${settled}.`);
  const waits = `${counted(waiting, 'event')} ${waiting === 1 ? 'waits' : 'wait'}; ${settled}`;
  if (oldestWaiting === undefined) return ok(subject, `${waits}.`);
  if (typeof oldestWaiting === 'string') {
    const next = 'Give the app a consumer group of its own; see also the metric network_sessions.partition.oldest_age.';
    return unknown(subject, `${waits}. How long it waits is not known: ${oldestWaiting}.`, next);
  }
  const found = `${waits}; the oldest arrived ${ago(oldestWaiting)}.`;
  if (Date.now() - oldestWaiting.getTime() < lateFromMs) return ok(subject, found);
  const next =
    'The partition is held, or the app does not run or keep up: look for BatchHeld in its log, then in docs/reliability.md.';
  return warning(subject, found, next);
}

/** Such as `3 min ago`. */
function ago(time: Date): string {
  return `${span(Date.now() - time.getTime())} ago`;
}

export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
