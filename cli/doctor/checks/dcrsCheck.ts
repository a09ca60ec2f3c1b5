import { type Failure, failures } from '../../../shared/errors/failures';
import type { DcrAnswer } from '../dcrProbe';
import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, unknown, warning, wrong } from '../finding';
import { settingsWrong } from './hubsCheck';

export const dcrsCheck: Check = {
  id: 'rules',
  question: "Does each Data Collection Rule (DCR) accept the app's rows?",
  how: 'An empty array is sent to each DCR and stream as the app sends rows: the service checks the address, the token, the role and the stream, and has nothing to store.',
  assumes:
    'That the service checks these before it looks at the rows, and answers 204 to an empty array. Neither is documented; that a body which is no array is answered with 204 and stored nowhere is reported.',
  run: async (deployment) => {
    if (deployment.ingestion === undefined) return [settingsWrong()];
    return Promise.all(deployment.ingestion.ruleIds.map(async (dcrId) => ask(deployment, dcrId)));
  },
};

async function ask(deployment: Deployment, dcrId: string): Promise<Finding> {
  try {
    return dcrFinding(dcrId, deployment.ingestion?.stream ?? '', await deployment.answerOf(dcrId));
  } catch (error) {
    const reason = reasonFor(error);
    if (reason.code === 'NoToken') return unknown(dcrId, 'Not checked: there is no token.', 'See the check tokens.');
    const next = networkAdvice(reason, 'LOGS_INGESTION_ENDPOINT') ?? 'Check LOGS_INGESTION_ENDPOINT and the network.';
    return wrong(dcrId, `The endpoint did not answer: ${reason.text}`, next);
  }
}

/** What an answer means is in the table of failures; here is only what differs for an empty array. */
function dcrFinding(dcrId: string, stream: string, { status, code, message, failure }: DcrAnswer): Finding {
  if (failure === undefined) return ok(dcrId, `Accepts rows for ${stream} (${status} to an empty array).`);
  const answer = [`Answered ${status}`, code, message].filter((part) => part !== '').join(' ');
  if (failure === 'BadRequest') {
    const next =
      'Address, token and role are accepted; it is not known why the service rejects an empty array. Send events, and look at the books of the next batch.';
    return unknown(dcrId, answer, next);
  }
  const { verdict, next }: Failure = failures[failure];
  return (verdict === 'transient' ? warning : wrong)(dcrId, answer, next);
}
