import { isNativeError } from 'node:util/types';
import { codeOf, reasonOf } from '../azure/hubError';
import { NoAnswer } from './timeLimit';

/** Why something could not be asked or was refused: a word to decide by, and a sentence to show. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** The innermost error tells: SDKs wrap one level for every retry. */
export function innermost(error: unknown): unknown {
  if (error instanceof AggregateError && error.errors.length > 0) return innermost(error.errors.at(-1));
  if (isNativeError(error) && error.cause !== undefined && codeOf(error) === undefined) return innermost(error.cause);
  return error;
}

const signInErrors = new Set([
  'CredentialUnavailableError',
  'AuthenticationError',
  'AggregateAuthenticationError',
  'AuthenticationRequiredError',
]);

export function reasonFor(error: unknown): Reason {
  if (hasName(error, signInErrors)) return { code: 'NoToken', text: reasonOf(error) };
  const inner = error instanceof NoAnswer ? error : innermost(error);
  const text = reasonOf(inner).replace(/\s*TrackingId:.*/s, '');
  if (hasName(inner, signInErrors)) return { code: 'NoToken', text };
  // What the Event Hubs SDK says after 60 s, whatever it was told.
  if (inner instanceof NoAnswer || /operation timeout/.test(text)) return { code: 'NoAnswer', text };
  return { code: codeOf(inner) ?? 'Other', text };
}

function hasName(error: unknown, names: ReadonlySet<string>): boolean {
  return isNativeError(error) && names.has(error.name);
}

/** What to do when there is no way to a server; `setting` names it. Undefined for any other trouble. */
export function networkAdvice({ code }: Reason, setting: string): string | undefined {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `There is no such host: check ${setting}, and the DNS (private endpoints have names of their own).`;
  if (code === 'ECONNREFUSED') return `Nothing listens there: check ${setting}; on a laptop, that the emulators run.`;
  if (
    ['NoAnswer', 'ETIMEDOUT', 'ECONNRESET', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'REQUEST_SEND_ERROR'].includes(code)
  ) {
    return `Check ${setting}, and that firewall, proxy and private endpoints let this machine through.`;
  }
  if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ISSUER/.test(code)) {
    return 'The certificate is not trusted: for emulators start with NODE_EXTRA_CA_CERTS=<their emulator.pem>; elsewhere ask who intercepts TLS.';
  }
  return undefined;
}
