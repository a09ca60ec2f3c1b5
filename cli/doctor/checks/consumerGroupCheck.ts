import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { type Finding, ok, trouble } from '../finding';
import { hubTrouble, noSettings } from './hubsCheck';

export const consumerGroupCheck: Check = {
  id: 'consumerGroup',
  question: 'Is the consumer group there, and may it be read?',
  how: 'A receiver without epoch is opened at the end of the first partition and closed again. It never displaces a reader: the trigger holds its partitions with an epoch, so beside a running app the service refuses the receiver, which shows that the group exists.',
  assumes:
    'That no other program reads the group without an epoch: it would be one of the five such readers that a partition takes, for an instant.',
  run: async (deployment) => {
    const { hubs } = deployment;
    if (hubs === undefined) return [noSettings()];
    return Promise.all(hubs.eventHubNames.map(async (hub) => ask(deployment, hub, hubs.consumerGroup)));
  },
};

async function ask(deployment: Deployment, hub: string, group: string): Promise<Finding> {
  const probe = await deployment.probe(hub);
  const [partition] = await probe.partitions().catch((): readonly string[] => []);
  if (partition === undefined)
    return trouble('unknown', hub, 'Not asked: the hub does not answer.', 'See the check hubs.');
  try {
    const outcome = await probe.openReceiver(group, partition);
    return ok(
      hub,
      outcome === 'opened'
        ? `${group} is there; nobody reads partition ${partition} just now.`
        : `${group} is there, and a reader holds partition ${partition}.`,
    );
  } catch (error) {
    return hubTrouble(deployment, hub, reasonFor(error), {
      missing: `Create the consumer group ${group} in the hub, or correct EVENT_HUB_CONSUMER_GROUP. The Basic tier has $Default only.`,
      role: 'Azure Event Hubs Data Receiver',
      claim: 'Listen',
    });
  }
}
