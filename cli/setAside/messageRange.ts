import { UsageError } from '../common/exit';

/** What the user asked for. */
export interface Selection {
  readonly from: number | undefined;
  readonly through: number | undefined;
  readonly count: number | undefined;
  /** Everything after the checkpoint. */
  readonly all: boolean;
}

/** The sequence numbers that the hub holds of a partition. */
export interface LogEnds {
  /** Sequence number of the oldest event; of the next event when the partition is empty. */
  readonly first: number;
  /** Sequence number of the newest event. */
  readonly last: number;
}

/** Sequence numbers of the messages to set aside; none when `last` is below `first`. */
export interface Range {
  readonly first: number;
  readonly last: number;
  /** Messages that retention deleted before the app had settled them. */
  readonly expired: number;
}

/**
 * The messages to set aside. A checkpoint says that everything up to it is settled, so a range begins directly after it: a
 * later begin would lose the messages between.
 * @throws UsageError for a range that cannot be set aside; it names one that can.
 */
export function rangeOf(
  { from, through, count, all }: Selection,
  checkpoint: number | undefined,
  log: LogEnds,
  batchSize: number,
): Range {
  const next = checkpoint === undefined ? log.first : checkpoint + 1;
  if (checkpoint === undefined) requireFirst(from, log);
  if (next > log.last + 1) {
    throw new UsageError(
      `The checkpoint is at ${next - 1}, but the partition ends at ${log.last}: it belongs to an earlier hub of this name. Stop the app, delete the checkpoint, start the app: it then begins with the oldest event.`,
    );
  }
  const first = Math.max(next, log.first);
  const expired = first - next;
  if (through !== undefined && through < next) return { first, last: first - 1, expired };
  rejectExpired('from', from !== undefined && from >= next ? from : undefined, log);
  rejectExpired('through', through, log);
  if (from !== undefined && from > first) {
    throw new UsageError(
      `--from ${from}: the checkpoint cannot skip the messages ${first} to ${from - 1}, which are not settled; they would be lost. Begin with --from ${first}.`,
    );
  }
  const asked = through ?? (all ? log.last : (from ?? first) + (count ?? batchSize) - 1);
  const isNamed = through !== undefined || count !== undefined;
  if (isNamed && asked > log.last) {
    const name = through === undefined ? `--count ${count}` : `--through ${through}`;
    const held = log.last < first ? 'no message follows the checkpoint' : `${log.last - first + 1} follow it`;
    throw new UsageError(
      `${name}: there are fewer messages. The checkpoint is at ${next - 1}, the partition ends at ${log.last}; ${held}.`,
    );
  }
  return { first, last: Math.min(asked, log.last), expired };
}

/** Without a checkpoint a wrong hub or group looks like a partition that was never read, so the user must name the start. */
function requireFirst(from: number | undefined, { first, last }: LogEnds): void {
  if (from === first) return;
  const begins =
    last < first ? 'The partition is empty.' : `If that is right, name the oldest message: --from ${first}.`;
  throw new UsageError(
    `There is no checkpoint yet: this consumer group never settled a message of this partition. Check --hub, --partition and EVENT_HUB_CONSUMER_GROUP. ${begins}`,
  );
}

function rejectExpired(name: string, sequenceNumber: number | undefined, { first, last }: LogEnds): void {
  if (sequenceNumber === undefined || sequenceNumber >= first) return;
  const holds = last < first ? 'holds no message now' : `holds ${first} to ${last}`;
  throw new UsageError(
    `--${name} ${sequenceNumber}: retention has deleted that message from the hub; the partition ${holds}. Run it without --from and --through to see what can still be set aside.`,
  );
}
