import { withoutSecrets } from '../../shared/secrets';
import type { Deployment } from './deployment';
import type { Check } from './doctorCheck';
import { reasonFor } from './errorReason';
import { type Finding, trouble } from './finding';
import { within } from './timeLimit';

export interface Examined {
  readonly id: string;
  readonly findings: readonly Finding[];
}

/** A check asks one thing after another, each with its own limit; this is the last one. */
const questionsInARow = 3;

/** Runs the checks side by side; each ends in time, and one that fails is `unknown`. */
export async function examine(checks: readonly Check[], deployment: Deployment): Promise<readonly Examined[]> {
  return Promise.all(
    checks.map(async ({ id, run }) => {
      try {
        const findings = await within(deployment.seconds * questionsInARow, async () => run(deployment));
        return { id, findings: findings.map(shown) };
      } catch (error) {
        const { text } = reasonFor(error);
        const next = 'See what the other checks say, then run it again.';
        return { id, findings: [shown(trouble('unknown', '', `Could not be looked at: ${text}`, next))] };
      }
    }),
  );
}

/** A finding may quote a setting, or an SDK that quotes one. */
function shown({ status, subject, found, next }: Finding): Finding {
  const hidden = { status, subject: withoutSecrets(subject), found: withoutSecrets(found) };
  return next === undefined ? hidden : { ...hidden, next: withoutSecrets(next) };
}
