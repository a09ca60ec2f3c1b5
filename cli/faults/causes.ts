import { type Call, type Evidence, holds, type Place } from './evidence';

/**
 * Why a row was stored once more:
 * - `answerLost`: the process that sent it had sent it before and never heard that it was stored
 * - `crash`: the process that had sent it was gone before its batch was checkpointed
 * - `moved`: another instance took the partition before the batch was checkpointed
 * - `copy`: the hub has the event twice, and the two came to different processes
 */
export type Cause = 'answerLost' | 'crash' | 'moved' | 'copy';

/**
 * The cause of one repetition, from what the call, those before it and the host's events show; undefined when nothing does.
 * `earlier` are the calls that stored the row before, in order; `places` are those of the messages that hold the event.
 */
export function causeOf(
  { at, invocation }: Call,
  earlier: readonly Call[],
  places: readonly Place[],
  evidence: Evidence,
): Cause | undefined {
  if (invocation === undefined) return undefined;
  const own = earlier.filter((call) => call.invocation?.workerProcessId === invocation.workerProcessId);
  // Whoever has heard that a row is stored must not send it again.
  if (own.some(({ answer }) => answer.lostAt >= at)) return undefined;
  if (own.length > 0) return 'answerLost';
  const before = earlier.at(-1)?.invocation;
  if (before === undefined) return undefined;
  const again = places.find((place) => holds(before, place) && holds(invocation, place));
  if (again === undefined) {
    const [had, has] = [places.some((place) => holds(before, place)), places.some((place) => holds(invocation, place))];
    return had && has ? 'copy' : undefined;
  }
  // Whoever had it first may be the one that stores it last.
  const [first, second] = before.at < invocation.at ? [before, invocation] : [invocation, before];
  if (evidence.wasCheckpointed(again, second.at)) return undefined;
  if (evidence.wasGone(first.workerProcessId, second.at)) return 'crash';
  return evidence.hasMoved(again.partition, first.at, second.at) ? 'moved' : undefined;
}
