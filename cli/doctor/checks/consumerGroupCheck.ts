import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { ok, unknown } from '../finding';
import { forEachHub, hubError, receiver } from './hubsCheck';

export const consumerGroupCheck: Check = {
  id: 'consumerGroup',
  question: 'Is the consumer group there, and may it be read?',
  how: 'A receiver without epoch is opened at the end of the first partition and closed again. It never displaces a reader: the trigger holds its partitions with an epoch, so beside a running app the service rejects the receiver, which shows that the group exists.',
  assumes:
    'That no other program reads the group without an epoch: for a moment this receiver is one of the five that a partition allows.',
  run: (deployment) =>
    forEachHub(deployment, async (hub) => {
      const group = deployment.hubs?.consumerGroup ?? '';
      const probe = await deployment.probe(hub);
      const [partition] = await probe.partitions().catch((): readonly string[] => []);
      if (partition === undefined)
        return [unknown(hub, 'Not checked: the hub does not answer.', 'See the check hubs.')];
      try {
        const outcome = await probe.openReceiver(group, partition);
        const readers =
          outcome === 'opened' ? `nobody reads partition ${partition} now` : `partition ${partition} has a reader`;
        return [ok(hub, `${group} exists; ${readers}.`)];
      } catch (error) {
        const missing = `Create the consumer group ${group} in the hub, or correct EVENT_HUB_CONSUMER_GROUP. The Basic tier has $Default only.`;
        return [hubError(deployment, hub, reasonFor(error), missing, receiver)];
      }
    }),
};
