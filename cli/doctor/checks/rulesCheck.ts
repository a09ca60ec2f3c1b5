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

type FindingOf = typeof wrong;

/** By status, or by status and code where the code says more. */
const findings: Readonly<Record<string, readonly [FindingOf, next: string]>> = {
  '400 InvalidStream': [
    wrong,
    'The DCR declares no such stream: correct LOGS_INGESTION_STREAM, or deploy the DCR of this version.',
  ],
  '400': [
    unknown,
    'Address, token and role are accepted; why the service rejects an empty array is not known. Send events, and look at the books of the next batch.',
  ],
  '401 InvalidAudience': [
    wrong,
    'The token is for another cloud: LOGS_INGESTION_AUDIENCE is https://monitor.azure.com, in other clouds https://monitor.azure.us or https://monitor.azure.cn.',
  ],
  '401': [
    wrong,
    'The service rejected the token: check LOGS_INGESTION_AUDIENCE, the tenant that you are signed in to, and the clock.',
  ],
  '403': [
    wrong,
    'Assign the role Monitoring Metrics Publisher on the DCR to the identity; a new assignment can take 30 minutes. If the identity has it, the endpoint must be the one of this DCR.',
  ],
  '404': [
    wrong,
    'This endpoint has no such DCR: LOGS_INGESTION_RULE_IDS takes immutable ids (dcr-...), and LOGS_INGESTION_ENDPOINT the endpoint of the DCR or of its region.',
  ],
  '429': [
    warning,
    'The DCR is at its limit of 12,000 calls or 2 GB a minute. If this lasts, add DCRs to LOGS_INGESTION_RULE_IDS.',
  ],
};

function ruleFinding(rule: string, stream: string, { status, code, message }: RuleAnswer): Finding {
  if (status === 204) return ok(rule, `Accepts rows for ${stream} (204 to an empty array).`);
  const answer = [`Answered ${status}`, code, message].filter((part) => part !== '').join(' ');
  const known = findings[`${status} ${code}`] ?? findings[String(status)];
  if (known !== undefined) return known[0](rule, answer, known[1]);
  if (status >= 500)
    return warning(rule, answer, 'The service, or a proxy in front of it, failed: run the doctor again later.');
  const next = 'The service is not known to answer this: check LOGS_INGESTION_ENDPOINT, and proxies on the way to it.';
  return wrong(rule, answer, next);
}
