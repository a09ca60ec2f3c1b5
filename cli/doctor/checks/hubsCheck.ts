import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, type Reason, reasonFor } from '../errorReason';
import { type Finding, ok, trouble } from '../finding';

export const hubsCheck: Check = {
  id: 'hubs',
  question: 'Are the hubs there that Defender streams to?',
  how: 'Each hub of `EVENT_HUB_NAMES` is asked for its partitions.',
  run: async (deployment) => {
    const { hubs } = deployment;
    if (hubs === undefined) return [noSettings()];
    return Promise.all(hubs.eventHubNames.map(async (hub) => ask(deployment, hub)));
  },
};

async function ask(deployment: Deployment, hub: string): Promise<Finding> {
  try {
    const partitions = await (await deployment.probe(hub)).partitions();
    return ok(hub, `Reached; ${partitions.length} partition${partitions.length === 1 ? '' : 's'}.`);
  } catch (error) {
    return hubTrouble(deployment, hub, reasonFor(error), {
      missing:
        'Create the hub, or correct EVENT_HUB_NAMES. Defender makes insights-logs-advancedhunting-<table> itself where its streaming setting names no hub.',
      role: 'Azure Event Hubs Data Receiver',
      claim: 'Listen',
    });
  }
}

export function noSettings(): Finding {
  return trouble('unknown', '', 'Not asked: a setting that leads there is wrong.', 'Correct the settings first.');
}

/** What one cannot do with a hub, and what to do about it. */
export function hubTrouble(
  { hubs }: Deployment,
  hub: string,
  reason: Reason,
  { missing, role, claim }: { readonly missing: string; readonly role: string; readonly claim: string },
): Finding {
  const isByKey = hubs !== undefined && 'connectionString' in hubs.eventHub;
  if (reason.code === 'NoToken')
    return trouble('unknown', hub, 'Not asked: there is no token.', 'See the check tokens.');
  if (reason.code === 'MessagingEntityNotFoundError') return trouble('wrong', hub, reason.text, missing);
  if (reason.code === 'UnauthorizedError') {
    const byRole = `Give it the role ${role} on the hub or the namespace; a new assignment takes some minutes.`;
    const byKey = `The key in EventHub is wrong or lacks the claim ${claim}: take the connection string anew.`;
    return trouble('wrong', hub, reason.text, isByKey ? byKey : byRole);
  }
  const advice = networkAdvice(reason, isByKey ? 'EventHub' : 'EventHub__fullyQualifiedNamespace');
  return trouble(
    'wrong',
    hub,
    reason.text,
    advice ?? 'Try again; if it stays, look at the health and the metrics of the namespace.',
  );
}

/** Whether the namespace as a whole did not answer: that is told once, by the check `hubs`. */
export function isAboutTheNamespace(reason: Reason): boolean {
  return reason.code === 'NoToken' || networkAdvice(reason, '') !== undefined;
}
