import type { Deployment } from './deployment';
import type { Finding } from './finding';

/** One question that `npm run doctor` asks, as data for the command and for docs/doctor.md. */
export interface Check {
  /** Stable: scripts select by it. */
  readonly id: string;
  readonly question: string;
  /** How it is answered, without changing anything. */
  readonly how: string;
  /** What is taken on trust. */
  readonly assumes?: string;
  /** @throws when the answer does not come; the check is then `unknown`. */
  readonly run: (deployment: Deployment) => Promise<readonly Finding[]>;
}
