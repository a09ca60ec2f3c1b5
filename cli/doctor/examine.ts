import type { Check } from './check';
import type { Deployment } from './deployment';
import { type Finding, trouble } from './finding';
import { reasonFor } from './reason';
import { within } from './within';

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
        return { id, findings: await within(deployment.seconds * questionsInARow, async () => run(deployment)) };
      } catch (error) {
        const { text } = reasonFor(error);
        return {
          id,
          findings: [
            trouble(
              'unknown',
              '',
              `Could not be looked at: ${text}`,
              'See what the other checks say, then run it again.',
            ),
          ],
        };
      }
    }),
  );
}
