import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, unknown, warning, wrong } from '../finding';
import { telemetryEndpoint } from '../telemetryProbe';

export const telemetryCheck: Check = {
  id: 'telemetry',
  question: 'Does telemetry arrive?',
  how: 'An empty array is sent to the ingestion endpoint of Application Insights, signed in if the settings say so.',
  assumes:
    'That the endpoint checks the token before it looks at the items. Only telemetry that arrives can show whether the instrumentation key is right.',
  run: async (deployment) => [await ask(deployment)],
};

async function ask(deployment: Deployment): Promise<Finding> {
  const { environment } = deployment;
  if ((environment['APPLICATIONINSIGHTS_CONNECTION_STRING']?.trim() ?? '') === '') {
    const off = 'Switched off: APPLICATIONINSIGHTS_CONNECTION_STRING is not set.';
    if (deployment.isLocal) return ok('', `${off} On a laptop that is fine.`);
    return warning('', off, 'Set it: without telemetry nobody sees what the app does.');
  }
  const host = telemetryEndpoint(environment);
  if (host === undefined) {
    const found =
      'APPLICATIONINSIGHTS_CONNECTION_STRING: expected InstrumentationKey=...;IngestionEndpoint=https://...; found something else (not shown).';
    return wrong('', found, 'Copy it again from the Application Insights resource.');
  }
  try {
    return answerOf(host, await deployment.telemetryAnswer(''));
  } catch (error) {
    const reason = reasonFor(error);
    if (reason.code === 'NoToken') return unknown(host, 'Not checked: there is no token.', 'See the check tokens.');
    const advice = networkAdvice(reason, 'APPLICATIONINSIGHTS_CONNECTION_STRING');
    return wrong(host, `Did not answer: ${reason.text}`, advice ?? 'Check the network.');
  }
}

function answerOf(host: string, status = 0): Finding {
  const found = `Answered ${status} to an empty array.`;
  if (status === 401 || status === 403) {
    const next =
      'Assign the role Monitoring Metrics Publisher on the Application Insights resource to the identity, and set APPLICATIONINSIGHTS_AUTHENTICATION_STRING to Authorization=AAD if the resource accepts no keys.';
    return wrong(host, found, next);
  }
  if (status === 404) return wrong(host, found, 'This is no ingestion endpoint: copy the connection string again.');
  if (status === 402 || status === 439) {
    const next = 'The daily cap is reached: telemetry is discarded until you raise the cap or the day is over.';
    return warning(host, found, next);
  }
  if (status >= 500) return warning(host, found, 'The service failed: run the doctor again later.');
  return ok(host, found);
}
