import { isIP } from 'node:net';
import { trimDots } from './text';

/** A host name or address literal taken from a URL or a bare host. */
export interface Host {
  /** Lower-case, punycode, without user, port, brackets and trailing dot. */
  readonly name: string;
  readonly isAddress: boolean;
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
const localPath = /^(?:[a-z]:[\\/]|\\\\|\/|\.{1,2}[\\/])/i;
/** What stands before the authority, slanted and single slashes included where URL parsers take them. */
const beforeAuthority = /^(?:(?:https?|wss?|ftp):[\\/]+|[a-z][a-z0-9+.-]*:\/\/|[\\/]{2,})/i;
/** With the schemes of the web, and without a scheme, a backslash is a slash. */
const otherScheme = /^(?!(?:https?|wss?|ftp):)[a-z][a-z0-9+.-]*:\/\//i;
/** Longer text is no host, and the URL parser's work grows with it. */
const maxUrlLength = 16_384;

/** The scheme of a URL in lower case: `https`. */
export function schemeOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : scheme.exec(url)?.[1]?.toLowerCase();
}

export function isAbsolute(url: string): boolean {
  return scheme.test(url);
}

/** RemoteUrl as Defender reports it, without the `uri=` that some tables put before it; undefined for a path on a disk. */
export function cleanUrl(text: string | undefined): string | undefined {
  const url = text?.replace(/^uri=/i, '').trim();
  return url === undefined || url === '' || localPath.test(url) ? undefined : url;
}

/** The host of a URL or of a bare `host`, `host:port`, `host/path`, by the WHATWG URL parser. */
export function hostOf(text: string | undefined): Host | undefined {
  if (text === undefined || text.length > maxUrlLength) return undefined;
  // With any scheme but http the parser leaves the host as it is; what matters here is the host's own rules.
  const rest = asParsersRead(text).replace(beforeAuthority, '');
  const bare = isIP(rest) === 6 ? `[${rest}]` : rest;
  let hostname: string;
  try {
    hostname = new URL(`http://${bare}`).hostname;
  } catch {
    return undefined;
  }
  const name = trimDots(hostname.replace(/^\[|\]$/g, ''));
  return name === '' ? undefined : { name, isAddress: isIP(name) !== 0 };
}

/** What is taken out of a URL before it is stored: nothing, user and password, or these and everything from the query on. */
export const urlRedactions = ['none', 'credentials', 'query'] as const;
export type UrlRedaction = (typeof urlRedactions)[number];

export function redactUrl(url: string, redaction: UrlRedaction): string {
  if (redaction === 'none') return url;
  const once = withoutUser(asParsersRead(url));
  // Behind a user another one may come to light. That is no URL that anybody uses: nothing before its last @ is kept.
  const clean = withoutUser(once) === once ? once : once.slice(once.lastIndexOf('@') + 1);
  if (redaction === 'credentials') return clean;
  const query = clean.search(/[?#]/);
  return query < 0 ? clean : clean.slice(0, query);
}

function withoutUser(url: string): string {
  const start = beforeAuthority.exec(url)?.[0].length ?? 0;
  const length = url.slice(start).search(otherScheme.test(url) ? /[/?#]/ : /[/?#\\]/);
  const at = url.lastIndexOf('@', length < 0 ? url.length : start + length);
  return at >= start ? url.slice(0, start) + url.slice(at + 1) : url;
}

/** URL parsers skip control characters at the start, and tabs and line breaks anywhere: https://url.spec.whatwg.org/#concept-basic-url-parser */
function asParsersRead(url: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- those are meant.
  return url.replace(/^[\0- ]+|[\t\n\r]+/g, '');
}
