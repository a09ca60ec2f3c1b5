import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, type Status, trouble } from '../finding';
import type { RuleAnswer } from '../ruleProbe';
import { noSettings } from './hubsCheck';

export const rulesCheck: Check = {
  id: 'rules',
  question: 'Does each Data Collection Rule take our rows?',
  how: 'An array without rows is sent to each rule and stream as the app sends rows: the service looks at the address, the token, the role and the stream, and has nothing to store.',
  assumes:
    'That the service decides about these before it looks at the rows, and answers 204 to an empty array. Neither is documented; that a body which is no array is answered with 204 and stored nowhere is reported.',
  run: async (deployment) => {
    if (deployment.ingestion === undefined) return [noSettings()];
    return Promise.all(deployment.ingestion.ruleIds.map(async (rule) => ask(deployment, rule)));
  },
};

async function ask(deployment: Deployment, rule: string): Promise<Finding> {
  try {
    const answer = await deployment.answerOf(rule);
    return judge(rule, deployment.ingestion?.stream ?? '', answer);
  } catch (error) {
    const reason = reasonFor(error);
    if (reason.code === 'NoToken')
      return trouble('unknown', rule, 'Not asked: there is no token.', 'See the check tokens.');
    return trouble(
      'wrong',
      rule,
      `The endpoint did not answer: ${reason.text}`,
      networkAdvice(reason, 'LOGS_INGESTION_ENDPOINT') ?? 'Check LOGS_INGESTION_ENDPOINT and the network.',
    );
  }
}

interface Verdict {
  readonly status: Exclude<Status, 'ok'>;
  readonly next: string;
}

/** By status, or by status and code where the code says more. */
const verdicts: Readonly<Record<string, Verdict>> = {
  '400 InvalidStream': {
    status: 'wrong',
    next: 'The rule declares no such stream: correct LOGS_INGESTION_STREAM, or deploy the rule of this version.',
  },
  '400': {
    status: 'unknown',
    next: 'Address, token and role are accepted; what the service has against an empty array is not known here. Send events, and look at the books of the next batch.',
  },
  '401 InvalidAudience': {
    status: 'wrong',
    next: 'The token is for another cloud: LOGS_INGESTION_AUDIENCE is https://monitor.azure.com, in other clouds https://monitor.azure.us or https://monitor.azure.cn.',
  },
  '401': {
    status: 'wrong',
    next: 'The token was refused: check LOGS_INGESTION_AUDIENCE, the tenant that you are signed in to, and the clock.',
  },
  '403': {
    status: 'wrong',
    next: 'Give the identity the role Monitoring Metrics Publisher on the rule; it takes up to 30 minutes to work. If it has it: the endpoint must be the one of this rule.',
  },
  '404': {
    status: 'wrong',
    next: 'There is no such rule behind this endpoint: LOGS_INGESTION_RULE_IDS takes immutable ids (dcr-...), and LOGS_INGESTION_ENDPOINT the endpoint of the rule or of its region.',
  },
  '429': {
    status: 'warning',
    next: 'The rule is at its limit of 12,000 calls or 2 GB a minute. If this lasts, add rules to LOGS_INGESTION_RULE_IDS.',
  },
};

function judge(rule: string, stream: string, { status, code, message }: RuleAnswer): Finding {
  if (status === 204) return ok(rule, `Takes rows for ${stream} (204 to an array without rows).`);
  const said = [`Answered ${status}`, code, message].filter((part) => part !== '').join(' ');
  const verdict = verdicts[`${status} ${code}`] ?? verdicts[String(status)];
  if (verdict !== undefined) return trouble(verdict.status, rule, said, verdict.next);
  const isServers = status >= 500;
  return trouble(
    isServers ? 'warning' : 'wrong',
    rule,
    said,
    isServers
      ? 'The service has trouble of its own, or a proxy answers in its place: try again.'
      : 'Not an answer of the service that is known: check LOGS_INGESTION_ENDPOINT, and what stands in between.',
  );
}
