import { keysOf } from '../keysOf';
import { DeadLetterError, DeliveryError, IncompleteTrigger } from './batchErrors';
import { type Code, type Failure, failures, type Verdict } from './failures';

const byCode: Readonly<Record<Code, Failure>> = failures;
const codeByStatus = new Map(keysOf(failures).map((code) => [byCode[code].status, code]));
const codeByServiceCode = new Map(keysOf(failures).map((code) => [byCode[code].serviceCode, code]));

/** What a failed call means for its rows. */
export function verdictOf({ status, code }: DeliveryError): Verdict {
  const { verdict = 'transient', verdictByServiceCode = {} } = byCode[codeOfStatus(status, code)];
  return (Object.hasOwn(verdictByServiceCode, code) ? verdictByServiceCode[code] : undefined) ?? verdict;
}

/** The stable code of an error. The service's own codes are too many, and not all documented. */
export function codeOf(error: unknown): Code {
  if (error instanceof DeadLetterError || error instanceof IncompleteTrigger) return error.code;
  if (!(error instanceof DeliveryError)) return 'DeliveryFailed';
  const { code, status } = error;
  return (status === undefined ? undefined : codeByServiceCode.get(code)) ?? codeOfStatus(status, code);
}

/** `code` counts only if no response came: then it is ours. */
function codeOfStatus(status: number | undefined, code: string): Code {
  if (status === undefined) return isCode(code) ? code : 'DeliveryFailed';
  return codeByStatus.get(status) ?? (status >= 500 ? 'ServiceError' : 'UnexpectedStatus');
}

function isCode(code: string): code is Code {
  return Object.hasOwn(failures, code);
}

/** Where the runbook explains a code. */
export function runbookEntry(code: Code): string {
  return `docs/runbook.md#${code.toLowerCase()}`;
}
