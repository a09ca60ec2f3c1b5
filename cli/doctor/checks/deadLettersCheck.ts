import { number } from '../../common/numberText';
import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { ok, unknown, warning } from '../finding';
import { hubError, isAboutTheNamespace, sender, settingsWrong } from './hubsCheck';

/** A dead letter holds the original message, and an event of Defender's hubs has up to this many bytes. */
const largestMessage = 1_000_000;

export const deadLettersCheck: Check = {
  id: 'deadLetters',
  question: 'Can dead letters be written?',
  how: 'The link that they go through is opened, and nothing is sent.',
  assumes: 'That the service checks the right to send when the link is opened, as reported rejections show.',
  run: async (deployment) => {
    const { hubs } = deployment;
    if (hubs === undefined) return [settingsWrong()];
    const hub = hubs.deadLetterEventHub;
    try {
      const bytes = await (await deployment.probe(hub)).openSender();
      const found = `Can be written; an event takes up to ${number(bytes)} bytes.`;
      if (bytes >= largestMessage) return [ok(hub, found)];
      return [warning(hub, found, 'Large messages are cut into parts. A namespace of the Standard tier takes 1 MB.')];
    } catch (error) {
      const reason = reasonFor(error);
      if (isAboutTheNamespace(reason))
        return [unknown(hub, `Not checked: ${reason.text}`, 'See the checks hubs and tokens.')];
      const missing =
        'Create the hub, or correct DEAD_LETTER_EVENT_HUB. Without it, a record that cannot become a row holds its batch until the events expire.';
      return [hubError(deployment, hub, reason, missing, sender)];
    }
  },
};
