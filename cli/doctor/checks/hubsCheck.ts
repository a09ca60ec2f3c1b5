import { counted } from '../../common/numberText';
import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, type Reason, reasonFor } from '../errorReason';
import { type Finding, ok, unknown, wrong } from '../finding';

export const hubsCheck: Check = {
  id: 'hubs',
  question: 'Are the hubs there that Defender streams to?',
  how: 'The partitions of each hub in `EVENT_HUB_NAMES` are listed.',
  run: (deployment) =>
    forEachHub(deployment, async (hub) => {
      try {
        const partitions = await (await deployment.probe(hub)).partitions();
        return [ok(hub, `Reached; ${counted(partitions.length, 'partition')}.`)];
      } catch (error) {
        const missing =
          'Create the hub, or correct EVENT_HUB_NAMES. Defender creates insights-logs-advancedhunting-<table> itself where its streaming setting names no hub.';
        return [hubError(deployment, hub, reasonFor(error), missing, receiver)];
      }
    }),
};

/** The findings of every hub that the app reads. */
export async function forEachHub(
  { hubs }: Deployment,
  ask: (hub: string) => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  return hubs === undefined ? [settingsWrong()] : (await Promise.all(hubs.eventHubNames.map(ask))).flat();
}

export function settingsWrong(): Finding {
  return unknown('', 'Not checked: a setting that this check needs is wrong.', 'Correct the settings first.');
}

/** What one needs for an operation on a hub: the role of an identity, or the claim of a key. */
interface Permission {
  readonly role: string;
  readonly claim: string;
}

export const receiver: Permission = { role: 'Azure Event Hubs Data Receiver', claim: 'Listen' };
export const sender: Permission = { role: 'Azure Event Hubs Data Sender', claim: 'Send' };

/** Why a hub rejected a request or did not answer; `missing` is what to do when it does not exist. */
export function hubError(
  { hubs }: Deployment,
  hub: string,
  reason: Reason,
  missing: string,
  { role, claim }: Permission,
): Finding {
  const isByKey = hubs !== undefined && 'connectionString' in hubs.eventHub;
  if (reason.code === 'NoToken') return unknown(hub, 'Not checked: there is no token.', 'See the check tokens.');
  if (reason.code === 'MessagingEntityNotFoundError') return wrong(hub, reason.text, missing);
  if (reason.code === 'UnauthorizedError') {
    const byRole = `Assign the role ${role} on the hub or the namespace; a new assignment takes some minutes.`;
    const byKey = `The key in EventHub is wrong or lacks the claim ${claim}: copy the connection string again.`;
    return wrong(hub, reason.text, isByKey ? byKey : byRole);
  }
  const advice = networkAdvice(reason, isByKey ? 'EventHub' : 'EventHub__fullyQualifiedNamespace');
  return wrong(
    hub,
    reason.text,
    advice ?? 'Run it again; if it fails again, look at the health and the metrics of the namespace.',
  );
}

/** Whether the whole namespace did not answer: only the check `hubs` reports that. */
export function isAboutTheNamespace(reason: Reason): boolean {
  return reason.code === 'NoToken' || networkAdvice(reason, '') !== undefined;
}
