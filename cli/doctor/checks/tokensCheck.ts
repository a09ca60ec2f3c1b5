import { clientIdOf, type Deployment } from '../deployment';
import type { Check } from '../doctorCheck';
import { reasonFor } from '../errorReason';
import { type Finding, ok, wrong } from '../finding';
import { holderOf, tokenKey } from '../signIns';
import { audienceOfTelemetry } from '../telemetryProbe';

export const tokensCheck: Check = {
  id: 'tokens',
  question: 'Is there a token for each service?',
  how: 'A token is requested for each audience in the settings, as the managed identity where the machine has one, otherwise as you: `az login`, `azd auth login` or `Connect-AzAccount`. The identity that it belongs to is shown, the token never.',
  run: async (deployment) => Promise.all(audiences(deployment).map(async (one) => ask(deployment, one))),
};

interface Audience {
  readonly service: string;
  readonly audience: string;
  readonly clientId: string | undefined;
}

function audiences({ hubs, ingestion, environment }: Deployment): Audience[] {
  const telemetry = audienceOfTelemetry(environment);
  const all: Audience[] = [];
  if (hubs !== undefined && !('connectionString' in hubs.eventHub)) {
    const clientId = clientIdOf(hubs.eventHub);
    all.push({ service: 'Event Hubs', audience: 'https://eventhubs.azure.net', clientId });
  }
  if (ingestion !== undefined) {
    const { audience, clientId } = ingestion;
    all.push({ service: 'Logs Ingestion', audience, clientId });
  }
  if (telemetry !== undefined) all.push({ service: 'Application Insights', ...telemetry });
  return all;
}

async function ask({ signIns, environment }: Deployment, { service, audience, clientId }: Audience): Promise<Finding> {
  try {
    const token = await signIns.token(tokenKey(audience, clientId));
    const minutes = Math.round((token.expiresOnTimestamp - Date.now()) / 60_000);
    const holder = holderOf(token) ?? 'an identity that cannot be read from it';
    if (minutes > 0) return ok(service, `For ${audience}, valid for ${minutes} more minutes, of ${holder}.`);
    const next = 'Check the clock of this machine, and sign in again.';
    return wrong(service, `The token for ${audience} has already expired.`, next);
  } catch (error) {
    const advice = environment['IDENTITY_ENDPOINT']
      ? 'Check that the identity exists, and that the client id in the settings is its client id, not its object id.'
      : 'Sign in: az login, azd auth login or Connect-AzAccount, in the tenant of the deployment.';
    return wrong(service, `No token for ${audience}: ${reasonFor(error).text}`, advice);
  }
}
