import type { Deployment } from './deployment';
import type { Finding } from './finding';

/** One question that `npm run doctor` asks, as data for the command and for docs/doctor.md. */
export interface Check {
  /** Scripts select by it, so it must not change. */
  readonly id: string;
  readonly question: string;
  /** How the check finds the answer without changing anything. */
  readonly how: string;
  /** What is assumed, and not checked. */
  readonly assumes?: string;
  /** @throws when there is no answer; the check is then `unknown`. */
  readonly run: (deployment: Deployment) => Promise<readonly Finding[]>;
}
