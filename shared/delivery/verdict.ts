import type { DeliveryError } from './deliveryError';

/**
 * What a refusal means for the rows:
 * - `transient`: nothing is wrong with them; the same call may work in a moment
 * - `configuration`: no rows would be accepted; the batch is held until somebody puts it right
 * - `content`: some of these rows are at fault
 * - `timeRange`: each row is fine, but together they span too much time (Auxiliary plan)
 * - `unlisted`: `content` when the rule takes other rows, `configuration` when it takes none
 */
export type Verdict = 'transient' | 'configuration' | 'content' | 'timeRange' | 'unlisted';

const transientStatuses = new Set([408, 429]);

/** Codes that come with 400, as far as the service documents them or users report them. */
const verdictByCode: Readonly<Record<string, Verdict>> = {
  RecordsTimeRangeIsMoreThan30Minutes: 'timeRange',
  InvalidPayload: 'content',
  ContentLengthLimitExceeded: 'content',
  InvalidStream: 'configuration',
  InvalidOutputTable: 'configuration',
  InvalidApiVersion: 'configuration',
};

export function verdictOf({ status, code }: DeliveryError): Verdict {
  if (status === undefined || status >= 500 || transientStatuses.has(status)) return 'transient';
  if (status === 413) return 'content';
  if (status !== 400) return 'configuration';
  return (Object.hasOwn(verdictByCode, code) ? verdictByCode[code] : undefined) ?? 'unlisted';
}
