import { type Call, type Evidence, holds, type MessagePosition } from './evidence';

/**
 * Why a row was stored again:
 * - `answerLost`: the same process had sent it before and did not receive the answer
 * - `crash`: the process that had sent it ended before its batch was checkpointed
 * - `moved`: another instance took the partition before the batch was checkpointed
 * - `copy`: the hub holds the event twice, and different processes received the two copies
 */
export type Cause = 'answerLost' | 'crash' | 'moved' | 'copy';

/**
 * The cause of one repetition, found in the call, earlier calls and the host's events; undefined when they show none.
 * `earlier` are the calls that stored the row before, in order; `positions` are those of the messages with the event.
 */
export function causeOf(
  { at, invocation }: Call,
  earlier: readonly Call[],
  positions: readonly MessagePosition[],
  evidence: Evidence,
): Cause | undefined {
  if (invocation === undefined) return undefined;
  const own = earlier.filter((call) => call.invocation?.workerProcessId === invocation.workerProcessId);
  // A process that received the answer must not send the row again.
  if (own.some(({ answer }) => answer.lostAt >= at)) return undefined;
  if (own.length > 0) return 'answerLost';
  const before = earlier.at(-1)?.invocation;
  if (before === undefined) return undefined;
  const again = positions.find((position) => holds(before, position) && holds(invocation, position));
  if (again === undefined) {
    const [had, has] = [
      positions.some((position) => holds(before, position)),
      positions.some((position) => holds(invocation, position)),
    ];
    return had && has ? 'copy' : undefined;
  }
  // The process that received the batch first may store the row last.
  const [first, second] = before.at < invocation.at ? [before, invocation] : [invocation, before];
  if (evidence.wasCheckpointed(again, second.at)) return undefined;
  if (evidence.wasGone(first.workerProcessId, second.at)) return 'crash';
  return evidence.hasMoved(again.partition, first.at, second.at) ? 'moved' : undefined;
}
