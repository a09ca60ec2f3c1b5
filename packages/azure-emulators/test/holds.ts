import type { BehaviourId } from '../behaviours';

/**
 * The title of a test that holds these behaviours. The ids stand behind the title, so `npx jest -t eventhubs.credit` runs
 * the tests of one behaviour.
 */
export function holds(title: string, ...ids: readonly [BehaviourId, ...BehaviourId[]]): string {
  return `${title} [${ids.join(', ')}]`;
}
