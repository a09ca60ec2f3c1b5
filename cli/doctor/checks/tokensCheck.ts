import { clientIdOf, type Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { type Finding, ok, trouble } from '../finding';
import { holderOf, tokenKey } from '../signIns';
import { audienceOfTelemetry } from '../telemetryProbe';

export const tokensCheck: Check = {
  id: 'tokens',
  question: 'Is there a token for each service?',
  how: 'One is asked for each audience that the settings lead to, as the managed identity where the machine has one, else as you: `az login`, `azd auth login` or `Connect-AzAccount`. Whom it speaks for is shown, the token never.',
  run: async (deployment) => Promise.all(audiences(deployment).map(async (one) => ask(deployment, one))),
};

interface Audience {
  readonly service: string;
  readonly audience: string;
  readonly clientId: string | undefined;
}

function audiences({ hubs, ingestion, environment }: Deployment): Audience[] {
  const telemetry = audienceOfTelemetry(environment);
  return [
    ...(hubs === undefined || 'connectionString' in hubs.eventHub
      ? []
      : [{ service: 'Event Hubs', audience: 'https://eventhubs.azure.net', clientId: clientIdOf(hubs.eventHub) }]),
    ...(ingestion === undefined
      ? []
      : [{ service: 'Logs Ingestion', audience: ingestion.audience, clientId: ingestion.clientId }]),
    ...(telemetry === undefined ? [] : [{ service: 'Application Insights', ...telemetry }]),
  ];
}

async function ask({ signIns, environment }: Deployment, { service, audience, clientId }: Audience): Promise<Finding> {
  try {
    const token = await signIns.token(tokenKey(audience, clientId));
    const minutes = Math.round((token.expiresOnTimestamp - Date.now()) / 60_000);
    const holder = holderOf(token) ?? 'a holder that cannot be read from it';
    if (minutes <= 0)
      return trouble(
        'wrong',
        service,
        `The token for ${audience} has expired already.`,
        'Check the clock of this machine, and sign in again.',
      );
    return ok(service, `For ${audience}, good for ${minutes} more minutes, of ${holder}.`);
  } catch (error) {
    const advice = environment['IDENTITY_ENDPOINT']
      ? 'Check that the identity exists, and that the client id in the settings is its client id, not its object id.'
      : 'Sign in: az login, azd auth login or Connect-AzAccount, in the tenant of the deployment.';
    return trouble('wrong', service, `No token for ${audience}: ${reasonFor(error).text}`, advice);
  }
}
