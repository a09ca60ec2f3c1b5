import type { IncomingHttpHeaders } from 'node:http';

/** Why a request gets no answer. */
export interface Refusal {
  readonly status: number;
  readonly why: string;
}

/** Sent with every answer. Nothing is inline, so a text that became markup by a mistake could still not run. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Refuses what another site makes the browser send: a name of its own that leads here (DNS rebinding) has another Host, a script of
 * another site another Origin, and a picture or link from there says so in Sec-Fetch-Site. Only the page itself may be linked to.
 */
export function refusal(
  headers: IncomingHttpHeaders,
  { port, path, hosts = 1 }: { readonly port: number; readonly path: string; readonly hosts?: number },
): Refusal | undefined {
  const names = ['127.0.0.1', 'localhost'];
  // A browser leaves out the port of http.
  const own = [...names.map((name) => `${name}:${port}`), ...(port === 80 ? names : [])];
  const { host, origin } = headers;
  if (hosts !== 1 || host === undefined || !own.includes(host.toLowerCase())) {
    return { status: 421, why: `This page is http://${own[0]}/ and answers to no other name.` };
  }
  if (origin !== undefined && origin !== `http://${host.toLowerCase()}`) {
    return { status: 403, why: 'Another site may not use this page.' };
  }
  const from = headers['sec-fetch-site'];
  const isLink = path === '/' && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  if (from === undefined || from === 'same-origin' || from === 'none' || isLink) return undefined;
  return { status: 403, why: 'Another site may not use this page.' };
}
