import { isNativeError } from 'node:util/types';
import { errorCode, reasonOf } from '../common/errorText';
import { NoAnswer } from './timeLimit';

/** Why a request failed or was rejected. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** The innermost error has the cause: SDKs wrap one error around each retry. */
export function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors.at(-1));
  if (isNativeError(error) && error.cause !== undefined && errorCode(error) === undefined)
    return innermost(error.cause);
  return error;
}

const signInErrors = /^(?:CredentialUnavailable|Authentication|AggregateAuthentication|AuthenticationRequired)Error$/;

export function reasonFor(error: unknown): Reason {
  if (isSignInError(error)) return { code: 'NoToken', text: reasonOf(error) };
  const inner = error instanceof NoAnswer ? error : innermost(error);
  const text = reasonOf(inner).replace(/\s*TrackingId:.*/s, '');
  if (isSignInError(inner)) return { code: 'NoToken', text };
  // The Event Hubs SDK reports this after 60 s, whatever its time limit is.
  if (inner instanceof NoAnswer || /operation timeout/.test(text)) return { code: 'NoAnswer', text };
  return { code: errorCode(inner) ?? 'Other', text };
}

function isSignInError(error: unknown): boolean {
  return isNativeError(error) && signInErrors.test(error.name);
}

const unreachable = /^(?:NoAnswer|ETIMEDOUT|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EPIPE|REQUEST_SEND_ERROR)$/;

/** What to do when a server cannot be reached; `setting` holds its address. Undefined for any other error. */
export function networkAdvice({ code }: Reason, setting: string): string | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no such host: check ${setting}, and the DNS (private endpoints have names of their own).`;
  if (code === 'ECONNREFUSED')
    return `Nothing listens there: check ${setting}; on a laptop, check that the emulators run.`;
  if (unreachable.test(code))
    return `Check ${setting}, and that firewall, proxy and private endpoints let this machine through.`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code))
    return 'The certificate is not trusted: for emulators start with NODE_EXTRA_CA_CERTS=<their emulator.pem>; elsewhere ask who intercepts TLS.';
  return undefined;
}
