import type { Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { networkAdvice, reasonFor } from '../errorReason';
import { type Finding, ok, trouble } from '../finding';
import { telemetryEndpoint } from '../telemetryProbe';

export const telemetryCheck: Check = {
  id: 'telemetry',
  question: 'Does telemetry arrive?',
  how: 'An array without items is sent to the ingestion endpoint of Application Insights, signed in if the settings say so.',
  assumes:
    'That the endpoint decides about the token before it looks at the items. Whether the instrumentation key is right, only telemetry that arrives can show.',
  run: async (deployment) => [await ask(deployment)],
};

async function ask(deployment: Deployment): Promise<Finding> {
  const { environment } = deployment;
  if ((environment['APPLICATIONINSIGHTS_CONNECTION_STRING']?.trim() ?? '') === '') {
    const off = 'Switched off: APPLICATIONINSIGHTS_CONNECTION_STRING is not set.';
    return deployment.isLocal
      ? ok('', `${off} On a laptop that is fine.`)
      : trouble('warning', '', off, 'Set it: without telemetry nobody sees what the app does.');
  }
  const host = telemetryEndpoint(environment);
  if (host === undefined) {
    return trouble(
      'wrong',
      '',
      'APPLICATIONINSIGHTS_CONNECTION_STRING: expected InstrumentationKey=...;IngestionEndpoint=https://...; found something else (not shown).',
      'Copy it anew from the Application Insights resource.',
    );
  }
  try {
    return judge(host, await deployment.telemetryAnswer(''));
  } catch (error) {
    const reason = reasonFor(error);
    if (reason.code === 'NoToken')
      return trouble('unknown', host, 'Not asked: there is no token.', 'See the check tokens.');
    return trouble(
      'wrong',
      host,
      `Did not answer: ${reason.text}`,
      networkAdvice(reason, 'APPLICATIONINSIGHTS_CONNECTION_STRING') ?? 'Check the network.',
    );
  }
}

function judge(host: string, status: number | undefined): Finding {
  const found = `Answered ${status} to an array without items.`;
  if (status === 401 || status === 403)
    return trouble(
      'wrong',
      host,
      found,
      'Give the identity the role Monitoring Metrics Publisher on the Application Insights resource, and set APPLICATIONINSIGHTS_AUTHENTICATION_STRING to Authorization=AAD if it takes no keys.',
    );
  if (status === 404)
    return trouble('wrong', host, found, 'That is no ingestion endpoint: copy the connection string anew.');
  if (status === 402 || status === 439)
    return trouble(
      'warning',
      host,
      found,
      'The daily cap is reached: telemetry is thrown away until it is raised or the day is over.',
    );
  return status !== undefined && status >= 500
    ? trouble('warning', host, found, 'The service has trouble of its own: try again.')
    : ok(host, found);
}
