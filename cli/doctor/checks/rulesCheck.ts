import { type Failure, failures } from '../../../shared/errors/failures';
import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, unknown, warning, wrong } from '../finding';
import type { RuleAnswer } from '../ruleProbe';
import { settingsWrong } from './hubsCheck';

export const rulesCheck: Check = {
  id: 'rules',
  question: 'Does each Data Collection Rule accept our rows?',
  how: 'An empty array is sent to each DCR and stream as the app sends rows: the service checks the address, the token, the role and the stream, and has nothing to store.',
  assumes:
    'That the service checks these before it looks at the rows, and answers 204 to an empty array. Neither is documented; that a body which is no array is answered with 204 and stored nowhere is reported.',
  run: async (deployment) => {
    if (deployment.ingestion === undefined) return [settingsWrong()];
    return Promise.all(deployment.ingestion.ruleIds.map(async (rule) => ask(deployment, rule)));
  },
};

async function ask(deployment: Deployment, rule: string): Promise<Finding> {
  try {
    return ruleFinding(rule, deployment.ingestion?.stream ?? '', await deployment.answerOf(rule));
  } catch (error) {
    const reason = reasonFor(error);
    if (reason.code === 'NoToken') return unknown(rule, 'Not checked: there is no token.', 'See the check tokens.');
    const next = networkAdvice(reason, 'LOGS_INGESTION_ENDPOINT') ?? 'Check LOGS_INGESTION_ENDPOINT and the network.';
    return wrong(rule, `The endpoint did not answer: ${reason.text}`, next);
  }
}

/** What an answer means is in the table of failures; here is only what differs for an empty array. */
function ruleFinding(rule: string, stream: string, { status, code, message, failure }: RuleAnswer): Finding {
  if (failure === undefined) return ok(rule, `Accepts rows for ${stream} (${status} to an empty array).`);
  const answer = [`Answered ${status}`, code, message].filter((part) => part !== '').join(' ');
  if (failure === 'BadRequest') {
    const next =
      'Address, token and role are accepted; why the service rejects an empty array is not known. Send events, and look at the books of the next batch.';
    return unknown(rule, answer, next);
  }
  const { verdict, next }: Failure = failures[failure];
  return (verdict === 'transient' ? warning : wrong)(rule, answer, next);
}
