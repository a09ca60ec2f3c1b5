import { counted } from '../../common/numberText';
import type { Check } from '../doctorCheck';
import { type Finding, ok, unknown, warning, wrong } from '../finding';
import type { PartitionProgress } from '../partitionProgress';
import { span } from './backlogCheck';
import { forEachHub } from './hubsCheck';

/** The shortest retention that a hub can have: no younger event expires. */
const hourMs = 3_600_000;

export const retentionCheck: Check = {
  id: 'retention',
  question: 'Is every event read before the hub drops it?',
  how: 'The checkpoint is compared with the oldest event that the partition still has, and with the time when the hub was created. The ages of that event and of the oldest waiting one show how much time is left at least.',
  assumes: 'That retention is at least the age of the oldest event kept; the configured retention is not read.',
  run: (deployment) =>
    forEachHub(deployment, async (hub) => {
      try {
        return (await deployment.progress(hub)).map((one) => retentionOf(`${hub}/${one.partition}`, one));
      } catch {
        return [unknown(hub, 'Checkpoints and hub could not be compared.', 'See the check backlog.')];
      }
    }),
};

function retentionOf(subject: string, partition: PartitionProgress): Finding {
  const { lost, isBeyondEnd, isOlderThanHub, waiting, oldestWaiting, oldestKept } = partition;
  if (isBeyondEnd || isOlderThanHub) {
    const found = isBeyondEnd
      ? 'The checkpoint is beyond the end of the partition.'
      : 'The checkpoint is older than the hub, so it belongs to an earlier hub of this name.';
    const next =
      'The hub was created again: stop the app, delete the checkpoint blobs of the hub, start it (docs/runbook.md). Until then events are skipped or the reader fails.';
    return wrong(subject, found, next);
  }
  if (lost > 0) {
    const found = `The hub dropped ${counted(lost, 'event')} before the app had read ${lost === 1 ? 'it' : 'them'}.`;
    const next = 'Get the app to keep up (check backlog), lengthen the retention, and fill the gap: docs/backfill.md.';
    return wrong(subject, found, next);
  }
  if (waiting === 0) return ok(subject, 'No event waits that the hub could drop.');
  if (typeof oldestWaiting === 'string')
    return unknown(subject, `The ages of events are not known: ${oldestWaiting}.`, 'See the check backlog.');
  if (oldestWaiting === undefined || oldestKept === undefined)
    return ok(subject, 'The hub has not dropped any event yet.');
  const waits = Date.now() - oldestWaiting.getTime();
  const kept = Date.now() - oldestKept.getTime();
  const found = `The oldest waiting event is ${span(waits)} old, the oldest that the hub keeps ${span(kept)}.`;
  if (waits < hourMs || waits < kept / 2) return ok(subject, found);
  const next =
    'The hub will drop events soon: lengthen the retention now (up to 7 days in a Standard namespace), then see the check backlog.';
  return warning(subject, found, next);
}
