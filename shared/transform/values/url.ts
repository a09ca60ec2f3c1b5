import { isIP } from 'node:net';
import { remembering } from '../../remembering';
import { asParsersRead, beforeAuthority } from './redactUrl';
import { trimDots } from './text';

/** The host name or address of a URL or a bare host. */
export interface Host {
  /** Lower-case, punycode, without user, port, brackets and trailing dot. */
  readonly name: string;
  readonly isAddress: boolean;
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;
/** `//host/x` has a host; `///x`, `//./pipe` and `//?/C:` have none. */
const localPath = /^(?:[a-z]:[\\/]|\\\\|\/(?!\/[^\\/?#.])|\.{1,2}[\\/])/i;
/** Longer text is no host, and the URL parser gets slower with it. */
const maxUrlLength = 16_384;

/** The scheme of a URL in lower case: `https`. */
export function schemeOf(url: string | undefined): string | undefined {
  return url === undefined ? undefined : scheme.exec(url)?.[1]?.toLowerCase();
}

export function isAbsolute(url: string): boolean {
  return scheme.test(url);
}

/** RemoteUrl without the prefix `uri=` that some tables add; undefined for a file path. */
export function cleanUrl(text: string | undefined): string | undefined {
  const url = text?.replace(/^uri=/i, '').trim();
  return url === undefined || url === '' || localPath.test(url) ? undefined : url;
}

/** The host of a URL or of a bare `host`, `host:port`, `host/path`, by the WHATWG URL parser. */
export function hostOf(text: string | undefined): Host | undefined {
  return text === undefined || text.length > maxUrlLength ? undefined : parsedHost(text);
}

const parsedHost = remembering((text): Host | undefined => {
  // The parser only normalises the host of http URLs, so the text gets that scheme.
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
});
