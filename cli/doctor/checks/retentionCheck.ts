import type { Check } from '../doctorCheck';
import { type Finding, ok, trouble } from '../finding';
import type { PartitionProgress } from '../partitionProgress';
import { perHub, span } from './backlogCheck';

/** The shortest retention there is: before that nothing expires. */
const hourMs = 3_600_000;

export const retentionCheck: Check = {
  id: 'retention',
  question: 'Is every event read before the hub drops it?',
  how: 'The checkpoint is held against the oldest event that the partition still has, and against the time when the hub was made. From the ages of that event and of the oldest one that waits follows how long there is at least.',
  assumes: 'That retention is at least the age of the oldest event kept; what is configured is not asked.',
  run: async (deployment) =>
    perHub(
      deployment,
      (hub, partitions) => partitions.map((one) => judge(`${hub}/${one.partition}`, one)),
      (hub) => trouble('unknown', hub, 'Checkpoints and hub could not be compared.', 'See the check backlog.'),
    ),
};

function judge(subject: string, partition: PartitionProgress): Finding {
  const { lost, isBeyondEnd, isOlderThanHub, waiting, oldestWaiting, oldestKept } = partition;
  if (isBeyondEnd || isOlderThanHub) {
    return trouble(
      'wrong',
      subject,
      isBeyondEnd
        ? 'The checkpoint lies behind the end of the partition.'
        : 'The checkpoint is older than the hub, so it belongs to an earlier hub of this name.',
      'The hub was made anew: stop the app, delete the checkpoint blobs of the hub, start it (docs/runbook.md). Until then events are passed over or the reader fails.',
    );
  }
  if (lost > 0) {
    return trouble(
      'wrong',
      subject,
      `${lost.toLocaleString('en-US')} event${lost === 1 ? ' was' : 's were'} dropped by the hub before the app had read them.`,
      'Bring the app to work (check backlog), lengthen the retention, and fill the gap: docs/backfill.md.',
    );
  }
  if (waiting === 0) return ok(subject, 'Nothing waits that could be dropped.');
  if (typeof oldestWaiting === 'string')
    return trouble('unknown', subject, `Ages are not known: ${oldestWaiting}.`, 'See the check backlog.');
  if (oldestWaiting === undefined || oldestKept === undefined)
    return ok(subject, 'The hub has not dropped any event yet.');
  const waits = Date.now() - oldestWaiting.getTime();
  const kept = Date.now() - oldestKept.getTime();
  const found = `The oldest event that waits is ${span(waits)} old, the oldest that is kept ${span(kept)}.`;
  if (waits < hourMs || waits < kept / 2) return ok(subject, found);
  return trouble(
    'warning',
    subject,
    found,
    'Events are dropped soon: lengthen the retention now (up to 7 days in a Standard namespace), then see the check backlog.',
  );
}
