import { withoutSecrets } from '../../shared/secrets';
import type { Deployment } from './deployment';
import type { Check } from './doctorCheck';
import { reasonFor } from './errorReason';
import { type Finding, unknown } from './finding';
import { within } from './timeLimit';

export interface Examined {
  readonly id: string;
  readonly findings: readonly Finding[];
}

/** A check asks up to three questions in a row, each with its own time limit. */
const questionsInARow = 3;

/** Runs the checks concurrently. A check that throws or takes too long becomes `unknown`. */
export async function examine(checks: readonly Check[], deployment: Deployment): Promise<readonly Examined[]> {
  return Promise.all(
    checks.map(async ({ id, run }) => {
      const limit = deployment.seconds * questionsInARow;
      const findings = await within(limit, async () => run(deployment)).catch((error: unknown) => [
        unknown('', `Could not be checked: ${reasonFor(error).text}`, 'Look at the other checks, then run it again.'),
      ]);
      return { id, findings: findings.map(withoutSecretsIn) };
    }),
  );
}

/** A finding may quote a setting, or an SDK that quotes one. */
export function withoutSecretsIn({ status, subject, found, next }: Finding): Finding {
  const hidden = { status, subject: withoutSecrets(subject), found: withoutSecrets(found) };
  return next === undefined ? hidden : { ...hidden, next: withoutSecrets(next) };
}
