import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { ok, trouble } from '../finding';
import { hubTrouble, isAboutTheNamespace, noSettings } from './hubsCheck';

/** A dead letter holds the message as it came: the hubs of Defender take up to this. */
const largestMessage = 1_000_000;

export const deadLettersCheck: Check = {
  id: 'deadLetters',
  question: 'Can dead letters be written?',
  how: 'The link that they go through is opened, and nothing is sent.',
  assumes: 'That the service decides about the right to send when the link is opened, as reports of its refusals show.',
  run: async (deployment) => {
    const { hubs } = deployment;
    if (hubs === undefined) return [noSettings()];
    const hub = hubs.deadLetterEventHub;
    try {
      const bytes = await (await deployment.probe(hub)).openSender();
      const found = `May be written; an event takes up to ${bytes.toLocaleString('en-US')} bytes.`;
      return [
        bytes >= largestMessage
          ? ok(hub, found)
          : trouble(
              'warning',
              hub,
              found,
              'Large messages are cut into parts. A namespace of the Standard tier takes 1 MB.',
            ),
      ];
    } catch (error) {
      const reason = reasonFor(error);
      if (isAboutTheNamespace(reason))
        return [trouble('unknown', hub, `Not asked: ${reason.text}`, 'See the checks hubs and tokens.')];
      return [
        hubTrouble(deployment, hub, reason, {
          missing:
            'Create the hub, or correct DEAD_LETTER_EVENT_HUB. Without it a batch with a record that cannot become a row is held for ever.',
          role: 'Azure Event Hubs Data Sender',
          claim: 'Send',
        }),
      ];
    }
  },
};
