/** What is removed from a URL before it is stored: nothing, user and password, or these and the query and fragment. */
export const urlRedactions = ['none', 'credentials', 'query'] as const;
export type UrlRedaction = (typeof urlRedactions)[number];

/**
 * Redacts a URL, with or without a scheme. User and password are everything before the last `@` of the authority. If the
 * authority is no host and port (`user:pa`), the password contains `/`, `?`, `#` or `\`, and they are everything before the
 * last `@` of the URL. URLs inside the URL are redacted as by {@link redactText}.
 */
export function redactUrl(url: string, redaction: UrlRedaction): string {
  if (redaction === 'none') return url;
  const read = asParsersRead(url);
  if (redaction === 'credentials' && !mayHoldUser(read)) return read;
  const once = new Redactor(read, redaction, true).text();
  // Removing a user can uncover another one. No real URL looks like this: keep nothing before its last @.
  const clean = new Redactor(once, redaction, true).text() === once ? once : once.slice(lastBehind(anyAt, once));
  if (redaction === 'credentials') return clean;
  return clean.slice(0, indexOf(plain.query, clean, 0));
}

const anyAt = /@|%(?:25)*40/gi;

/** Whether redaction by `credentials` can change a text at all. */
export function mayHoldUser(text: string): boolean {
  return text.includes('@') || (text.includes('40') && text.search(anyAt) >= 0);
}

/**
 * Redacts every URL in a text, found by `://`, also percent-encoded. A URL ends at white space, `"`, `<`, `>` and a backtick.
 * Takes linear time, whatever the text contains.
 */
export function redactText(text: string, redaction: UrlRedaction): string {
  if (redaction === 'none' || (redaction === 'credentials' && !mayHoldUser(text))) return text;
  return new Redactor(text, redaction, false).text();
}

/** Everything before the authority, including the backslashes and single slashes that URL parsers accept. */
export const beforeAuthority = /^(?:(?:https?|wss?|ftp):[\\/]+|[a-z][a-z0-9+.-]*:\/\/|[\\/]{2,})/i;
const beforeAuthorityHere = new RegExp(beforeAuthority.source.slice(1), 'iy');

/** `://` in a URL, escaped in JSON, or percent-encoded any number of times. */
const marker = /(?::|%(?:25)*3a)(?:[/\\]|%(?:25)*(?:2f|5c)){2,}/gi;
/** With these schemes, and without a scheme, a backslash counts as a slash. */
const webScheme = /(?:^|[^a-z0-9+.-])(?:https?|wss?|ftp)$/i;
const longestWebScheme = 6;

/** How an authority is written: plain, or percent-encoded. */
interface Spelling {
  readonly slashes: RegExp;
  readonly end: RegExp;
  readonly at: RegExp;
  readonly query: RegExp;
  /** The end of a URL inside a text. */
  readonly runEnd: RegExp;
  /** The same if the text is one URL. */
  readonly wholeRunEnd: RegExp | undefined;
}

const plain: Spelling = {
  slashes: /[\\/]*/y,
  end: /[/?#\\]/g,
  at: /@/g,
  query: /[?#]/g,
  runEnd: /[\s"<>`]/g,
  wholeRunEnd: undefined,
};
const withBackslash: Spelling = { ...plain, slashes: /\/*/y, end: /[/?#]/g };
const encoded: Spelling = {
  slashes: /(?:[\\/]|%(?:25)*(?:2f|5c))*/iy,
  end: /[/?#\\&]|%(?:25)*(?:2f|5c|3f|23|26)/gi,
  at: anyAt,
  query: /[?#]|%(?:25)*(?:3f|23)/gi,
  runEnd: /[&\s"<>`]/g,
  wholeRunEnd: /&/g,
};

/** A URL in a text, from its first authority to its end. */
interface Run {
  readonly end: number;
  /** The index after its last `@`; the start of the authority if there is none. */
  readonly behindAt: number;
}

/** Query and fragment of the URL that is being read. */
interface Query {
  readonly start: number;
  readonly end: number;
}

/** Reads a text once, from marker to marker, and copies what it keeps. */
class Redactor {
  #out = '';
  #kept = 0;
  readonly #runs = new Map<Spelling, Run>();
  /** The index of the next query. */
  readonly #queryStarts = new Map<Spelling, number>();
  /** Queries that are still to be removed, because a URL can stand in the path before them. */
  readonly #queries = new Map<Spelling, Query>();

  constructor(
    private readonly source: string,
    private readonly redaction: UrlRedaction,
    private readonly isWhole: boolean,
  ) {}

  text(): string {
    let from = this.isWhole ? this.redactFirst() : 0;
    const { source } = this;
    for (;;) {
      marker.lastIndex = from;
      const found = marker.exec(source);
      this.removeQueries(found?.index ?? source.length);
      if (found === null) break;
      if (found.index < this.#kept) {
        from = this.#kept;
        continue;
      }
      const start = found.index + found[0].length;
      from = Math.max(start, this.redactAt(start, this.spellingOf(found)));
    }
    return this.#out + source.slice(this.#kept);
  }

  private spellingOf(found: RegExpExecArray): Spelling {
    if (found[0].includes('%')) return encoded;
    const before = this.source.slice(Math.max(0, found.index - longestWebScheme), found.index);
    return webScheme.test(before) ? plain : withBackslash;
  }

  /** Redacts the authority at the start of a URL. */
  private redactFirst(): number {
    for (let position = 0; ; position = this.#kept) {
      beforeAuthorityHere.lastIndex = position;
      const before = beforeAuthorityHere.exec(this.source)?.[0] ?? '';
      const spelling =
        /^[a-z]/i.test(before) && !webScheme.test(before.slice(0, before.indexOf(':'))) ? withBackslash : plain;
      const next = this.redactAt(position + before.length, spelling);
      // After a user without a scheme before it, a scheme can follow.
      if (before !== '' || this.#kept <= position || this.#kept >= this.source.length) return next;
    }
  }

  /** Removes user and password of the authority at an index. Returns the index from which to look for the next one. */
  private redactAt(start: number, spelling: Spelling): number {
    let position = start;
    for (;;) {
      const run = this.runAt(position, spelling);
      const end = Math.min(run.end, indexOf(spelling.end, this.source, position));
      const authority = this.source.slice(position, end);
      const behind = position + lastBehind(spelling.at, authority);
      const user = behind > position || isHostAndPort(authority) ? behind : run.behindAt;
      if (user <= position) break;
      this.#out += this.source.slice(this.#kept, Math.max(this.#kept, start));
      this.#kept = user;
      this.moveQueries(user);
      if (start === 0) return user;
      spelling.slashes.lastIndex = user;
      position = user + (spelling.slashes.exec(this.source)?.[0].length ?? 0);
    }
    if (this.redaction === 'query') this.findQuery(position, spelling);
    return position;
  }

  private findQuery(position: number, spelling: Spelling): void {
    const { end } = this.runAt(position, spelling);
    let start = this.#queryStarts.get(spelling) ?? -1;
    if (start < position) {
      start = indexOf(spelling.query, this.source, position);
      this.#queryStarts.set(spelling, start);
    }
    if (start < end) this.#queries.set(spelling, { start, end });
  }

  /** A removed password can contain what looked like the start of a query. */
  private moveQueries(behindUser: number): void {
    for (const [spelling, { start, end }] of this.#queries) {
      if (start >= behindUser) continue;
      this.#queries.delete(spelling);
      if (behindUser < end) this.findQuery(behindUser, spelling);
    }
  }

  /** Removes the queries that start before an index. */
  private removeQueries(before: number): void {
    if (this.#queries.size === 0) return;
    for (const [spelling, { start, end }] of [...this.#queries].toSorted(([, a], [, b]) => a.start - b.start)) {
      if (start >= before) break;
      this.#out += this.source.slice(this.#kept, Math.max(this.#kept, start));
      this.#kept = Math.max(this.#kept, end);
      this.#queries.delete(spelling);
    }
  }

  private runAt(position: number, spelling: Spelling): Run {
    const before = this.#runs.get(spelling);
    if (before !== undefined && position < before.end) return before;
    const pattern = this.isWhole ? spelling.wholeRunEnd : spelling.runEnd;
    const end = pattern === undefined ? this.source.length : indexOf(pattern, this.source, position);
    const run = { end, behindAt: position + lastBehind(anyAt, this.source.slice(position, end)) };
    this.#runs.set(spelling, run);
    return run;
  }
}

/** The index of the next match; the length of the text if there is none. */
function indexOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** The index after the last match; 0 if there is none. */
function lastBehind(pattern: RegExp, text: string): number {
  let behind = 0;
  for (const found of text.matchAll(pattern)) behind = found.index + found[0].length;
  return behind;
}

const hostAndPort = /^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/;

function isHostAndPort(authority: string): boolean {
  const decoded = authority.includes('%')
    ? authority
        .replace(/%(?:25)*3a/gi, ':')
        .replace(/%(?:25)*5b/gi, '[')
        .replace(/%(?:25)*5d/gi, ']')
    : authority;
  return hostAndPort.test(decoded);
}

/**
 * URL parsers skip control characters at the start, and tabs and line breaks anywhere:
 * https://url.spec.whatwg.org/#concept-basic-url-parser
 */
export function asParsersRead(url: string): string {
  // oxlint-disable-next-line eslint/no-control-regex -- those are meant.
  return url.replace(/^[\0- ]+|[\t\n\r]+/g, '');
}
