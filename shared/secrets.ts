/**
 * Finds what looks like a secret in a text, so that a key pasted into the wrong setting, or quoted by an SDK in an error, is not
 * printed. It may hide ordinary text; it cannot find a password that is an ordinary word.
 */

const hidden = '***';

const names =
  'shared_?access_?(?:key|signature)|account_?key|instrumentation_?key|(?:api|functions|secret)[_-]?key|client_?secret|secret|pass(?:word|wd)?|pwd';
/** `Name=value` of connection strings and queries. Placeholders (`...`, `<key>`) stay. */
const assigned = new RegExp(
  String.raw`((?:${names}|(?:access_?|refresh_?|id_?)?token|sig|signature|code|\bkey)\s*(?:=|%3d)\s*["']?)(?!\.{3}|<|\*)[^;&"'\s][^;&"'\r\n]*`,
  'gi',
);
/** `name: value` of headers and settings, `"name":"value"` of JSON. */
const named = new RegExp(
  String.raw`((?:${names}|\bauthorization)["']?\s*:\s*["']?|(?:token|sig|signature|code|key)["']\s*:\s*["'])(?!\.{3}|<|\*)[^;&"'\s][^;&"'\r\n]*`,
  'gi',
);
/** Hides the whole query after `SharedAccessSignature`, even fields of it that are not secret. */
const bearer = /\b((?:bearer|sharedaccesssignature)\s+)(?!\.{3}|<|\*)\S{8,}/gi;
/** User and password before a host, with a scheme and without. Greedy: a password may contain `/`, `?` or `@`. */
const userInfo = /(\/\/)(?!\*)[^\r\n"'<>]{0,1000}@/g;
const bareUserInfo = /(^|[\s"'(=])[^\s:@"'/]{1,200}:[^\s@"']{1,1000}@(?=[\w.-])/g;
const jsonWebToken = /\beyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g;
/** Keys in Base64 end with padding, or have at least 32 characters and no words. */
const padded = /(?<![\w+/-])[\w+/-]{16,}={1,2}(?![\w=.<])/g;
const long = /[\w+/~.-]{32,}/g;

/** Replaces what looks like a secret by `***`. */
export function withoutSecrets(text: string): string {
  return text
    .replace(jsonWebToken, hidden)
    .replace(bearer, `$1${hidden}`)
    .replace(userInfo, `$1${hidden}@`)
    .replace(bareUserInfo, `$1${hidden}@`)
    .replace(assigned, `$1${hidden}`)
    .replace(named, `$1${hidden}`)
    .replace(padded, (run) => (/[a-z]/.test(run) && /[A-Z]/.test(run) ? hidden : run))
    .replace(long, (run) => (isRandom(run) || isKey(run) ? hidden : run));
}

/** By its characters a token could be the name of a hub or a host. */
export function isToken(text: string): boolean {
  return text.search(jsonWebToken) >= 0;
}

export function looksSecret(text: string): boolean {
  return withoutSecrets(text) !== text;
}

/** Hexadecimal, or lower-case letters and digits without a separator, as in keys of other services. GUIDs and DCR ids have separators. */
function isKey(run: string): boolean {
  if (new Set(run).size < 8) return false;
  return /^[\da-f]{32,}$/i.test(run) || (/^[a-z\d]{32,}$/.test(run) && /\d.*\d/.test(run));
}

/** In random text every second character changes its class (lower, upper, digit); in words and camel case one in four. */
function isRandom(run: string): boolean {
  const classes = run
    .replace(/[^A-Za-z0-9]/g, '')
    .replace(/[a-z]/g, 'a')
    .replace(/[A-Z]/g, 'A')
    .replace(/[0-9]/g, '0');
  if (!classes.includes('a') || !classes.includes('A')) return false;
  const changes = Array.from(classes).filter((one, i) => i > 0 && one !== classes[i - 1]).length;
  return changes >= 0.4 * classes.length;
}
