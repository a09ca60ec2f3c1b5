import * as fc from 'fast-check';
import { redactText, redactUrl } from '../../../../shared/transform/values/redactUrl';
import { hostOf } from '../../../../shared/transform/values/url';
import { anyText, hostileText } from '../../kit/valueKit';

function countOf(word: string, text: string): number {
  return text.split(word).length - 1;
}

describe('redactUrl', () => {
  test('with `none` changes nothing', () => {
    fc.assert(fc.property(fc.oneof(hostileText, fc.webUrl()), (url) => expect(redactUrl(url, 'none')).toBe(url)));
    expect(redactUrl(' https://a:b@host/\t?token=1', 'none')).toBe(' https://a:b@host/\t?token=1');
  });

  test.each<readonly [string, string]>([
    ['https://a:b@host/', 'https://host/'],
    ['https://a@host/', 'https://host/'],
    ['HTTPS://a:b@host/', 'HTTPS://host/'],
    ['https://a:p@ss@host/x', 'https://host/x'],
    ['https://a%40corp:p%3Aw@host:8443/x?q=1#f', 'https://host:8443/x?q=1#f'],
    ['a:b@host/path', 'host/path'],
    ['a@host', 'host'],
    ['https:\\\\a:b@host\\x', 'https:\\\\host\\x'],
    ['https:/a:b@host/x', 'https:/host/x'],
    ['https:///a:b@host/x', 'https:///host/x'],
    ['https:/\\a:b@host/x', 'https:/\\host/x'],
    ['ht\ttps:/\n/a:b@host/x', 'https://host/x'],
    ['//a:b@host/x', '//host/x'],
    ['ftp://corp\\a:b@host/x', 'ftp://corp\\a:b@host/x'],
    ['ldap://corp\\a:b@host/x', 'ldap://host/x'],
    ['https://evil.example\\@good.example/', 'https://evil.example\\@good.example/'],
    ['https://host/@handle', 'https://host/@handle'],
    ['https://host/?mail=a@b', 'https://host/?mail=a@b'],
    ['https://host#a@b', 'https://host#a@b'],
    ['/@handle/status', '/@handle/status'],
    ['/path?mail=a@b', '/path?mail=a@b'],
    ['host/path', 'host/path'],
    ['', ''],
    // A password may hold what ends an authority.
    ['https://jane:pa/ss@host/x', 'https://host/x'],
    ['https://jane:pa?ss@host/x', 'https://host/x'],
    ['https://jane:pa#ss@host/x', 'https://host/x'],
    ['https://jane:pa\\ss@host/x', 'https://host/x'],
    ['https://jane:a/b?c#d\\e@host/x?y', 'https://host/x?y'],
    ['https://jane:pa://ss@host/x', 'https://host/x'],
    ['jane:pa/ss@host/x', 'host/x'],
    // A URL inside of a URL, also percent-encoded.
    ['https://proxy/?to=https://jane:pass@host/x', 'https://proxy/?to=https://host/x'],
    ['https://proxy/https://jane:pass@host/x', 'https://proxy/https://host/x'],
    ['https://a:b@proxy/?to=https://jane:pa/ss@host/x', 'https://proxy/?to=https://host/x'],
    ['https://proxy/?to=https%3A%2F%2Fjane%3Apass%40host%2Fx&m=a@b', 'https://proxy/?to=https%3A%2F%2Fhost%2Fx&m=a@b'],
    ['https://proxy/?to=https%253A%252F%252Fjane%253Apass%2540host', 'https://proxy/?to=https%253A%252F%252Fhost'],
    ['/go?to=https://jane:pass@host/x', '/go?to=https://host/x'],
    ['https://archive/@me/https://host/@you', 'https://archive/@me/https://host/@you'],
    // A number behind the name is a port, for URL parsers too.
    ['https://host:8080/@me', 'https://host:8080/@me'],
    ['https://[2001:db8::1]:8080/?mail=a@b', 'https://[2001:db8::1]:8080/?mail=a@b'],
    ['https://host:/@me', 'https://host:/@me'],
    ['https://host:port/@me', 'https://me'],
    ['https://host%3A8080/@me', 'https://host%3A8080/@me'],
    ['https://host%253a8080/@me', 'https://host%253a8080/@me'],
    ['https://%5B2001:db8::1%5D%3A8080/@me', 'https://%5B2001:db8::1%5D%3A8080/@me'],
    ['https://%255b2001:db8::1%255d:8080/@me', 'https://%255b2001:db8::1%255d:8080/@me'],
    // A backslash ends the host with web schemes only.
    ['wss://corp\\a:b@host/x', 'wss://corp\\a:b@host/x'],
    ['ws://corp\\a:b@host/x', 'ws://corp\\a:b@host/x'],
    ['http://corp\\a:b@host/x', 'http://corp\\a:b@host/x'],
    ['ws-x://corp\\a:b@host/x', 'ws-x://host/x'],
    ['ws:/a:b@host/x', 'ws:/host/x'],
    ['xhttp://corp\\a:b@host/x', 'xhttp://host/x'],
    ['a.http://corp\\a:b@host/x', 'a.http://host/x'],
    ['\\\\a:b@host/x', '\\\\host/x'],
    ['///a:b@host/x', '///host/x'],
    // Several users, one after the other.
    ['%40:pa', ':pa'],
    ['https://a@b@host', 'https://host'],
    ['https://a@//b@host/x', 'https://host/x'],
    ['a:b@https://c:d@host/x', 'https://host/x'],
    ['a:b@//c:d@host/x', '//host/x'],
    ['a:b@', ''],
    ['\u0001 https://a:b@host', 'https://host'],
    // The host of an encoded URL ends with what ends a host, encoded or not.
    ...['/', '?', '#', '\\', '&', '%2F', '%3F', '%23', '%5C', '%26', '%2f', '%5c', '%252F', '%253f'].map((end) => {
      const url = `https://proxy/?to=https%3A%2F%2Fhost${end}m=a@b`;
      return [url, url] as const;
    }),
    ['https://proxy/?to=https%3a%5c%5ca%3ab%40host', 'https://proxy/?to=https%3a%5c%5chost'],
    ['https://proxy/?to=https%3A//a:b@host/x', 'https://proxy/?to=https%3A//host/x'],
    ['https://proxy/?to=https%3A%2F%2Fa%3Apa%2Fss%40host&m=a@b', 'https://proxy/?to=https%3A%2F%2Fhost&m=a@b'],
  ])('by credentials makes %p into %p', (url, expected) => {
    expect(redactUrl(url, 'credentials')).toBe(expected);
  });

  test.each<readonly [string, string]>([
    ['https://a:b@host/x?token=1#f', 'https://host/x'],
    ['https://host#f', 'https://host'],
    ['/x?token=1', '/x'],
    ['https://host/x', 'https://host/x'],
    ['https://a:b@host?token=a@b', 'https://host'],
    ['https://jane:pa?ss@host/x?token=1', 'https://host/x'],
    ['https://proxy/https://host/x?token=1', 'https://proxy/https://host/x'],
    ['https://host/a%3Fb?token=1', 'https://host/a%3Fb'],
    // A URL in the path is redacted, too.
    ['https://proxy/https://jane:pass@host/x?token=1', 'https://proxy/https://host/x'],
    ['https://proxy/https://jane:pass@host/x#f', 'https://proxy/https://host/x'],
    ['https://proxy/https://jane:pa?ss@host/x?token=1', 'https://proxy/https://host/x'],
    ['https://proxy/https%3A%2F%2Fjane%3Apass%40host%2Fx?token=1', 'https://proxy/https%3A%2F%2Fhost%2Fx'],
    ['https://proxy/https%3A%2F%2Fhost%2Fx%3Ftoken%3D1?q', 'https://proxy/https%3A%2F%2Fhost%2Fx'],
    ['https://proxy/https%3A%2F%2Fhost%2Fx%3Ftoken%3D1&y=2?q', 'https://proxy/https%3A%2F%2Fhost%2Fx&y=2'],
  ])('by query makes %p into %p', (url, expected) => {
    expect(redactUrl(url, 'query')).toBe(expected);
  });

  /** Words that stand nowhere else in the URL. */
  const secret = fc
    .array(fc.constantFrom('SECRET', '@', '%40', ':', '%3A', '!', '$', ';', '=', ' ', '€', '"', '<'), { maxLength: 5 })
    .map((parts) => `SECRET${parts.join('')}`);
  const scheme = fc.constantFrom(
    'https://',
    'HTTPS://',
    'http://',
    'ftp://',
    'https:\\\\',
    'https:/',
    'https:///',
    'svn+ssh://',
    '//',
    '',
  );
  const rest = fc.constantFrom('', '/', '/a/b?c=d@e#f', '?q', '#f', ':8080/x');

  test('removes user and password, whatever characters they contain', () => {
    const credentials = fc.oneof(
      secret,
      fc.tuple(secret, secret).map(([user, password]) => `${user}:${password}`),
    );
    fc.assert(
      fc.property(scheme, credentials, fc.domain(), rest, (start, user, host, end) => {
        expect(redactUrl(`${start}${user}@${host}${end}`, 'credentials')).toBe(`${start}${host}${end}`);
        expect(redactUrl(`${start}${user}@${host}${end}`, 'query')).not.toContain('SECRET');
      }),
      { numRuns: 500 },
    );
  });

  test('leaves nothing that a browser would read as a user or a password', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('https:', 'HTTP:', 'ftp:'),
        fc.constantFrom('', '/', '//', '\\\\', '///'),
        fc.oneof(anyText, fc.string()),
        secret,
        anyText,
        (start, slashes, before, user, after) => {
          const url = redactUrl(`${start}${slashes}${before}${user}@host${after}`, 'credentials');
          const parsed = URL.canParse(url) ? new URL(url) : undefined;
          expect([parsed?.username ?? '', parsed?.password ?? '']).toEqual(['', '']);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('keeps the host', () => {
    fc.assert(
      fc.property(
        fc.webUrl({
          authoritySettings: { withUserInfo: true, withPort: true },
          withQueryParameters: true,
          withFragments: true,
        }),
        (url) => {
          for (const redaction of ['credentials', 'query'] as const) {
            expect(hostOf(redactUrl(url, redaction))).toEqual(hostOf(url));
          }
        },
      ),
    );
  });

  test('does not change its own output', () => {
    fc.assert(
      fc.property(
        fc.oneof(hostileText, fc.webUrl({ withQueryParameters: true })),
        fc.constantFrom('credentials' as const, 'query' as const),
        (url, redaction) => {
          const once = redactUrl(url, redaction);
          expect(redactUrl(once, redaction)).toBe(once);
        },
      ),
    );
  });

  test('removes a password that contains `/`, `?`, `#` or a backslash', () => {
    const part = fc.constantFrom('SECRET', '/', '?', '#', '\\', ':', '//', '://', '%2F');
    const password = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => `SECRET${parts.join('')}SECRET`);
    const web = fc.constantFrom('https://', 'http://', 'ftp://', 'ldap://');
    fc.assert(
      fc.property(web, password, fc.domain(), fc.constantFrom('', '/', '/x?q#f'), (start, secretPart, host, end) => {
        expect(redactUrl(`${start}jane:${secretPart}@${host}${end}`, 'credentials')).toBe(`${start}${host}${end}`);
      }),
      { numRuns: 500 },
    );
  });

  test('takes linear time for a large text of any kind', () => {
    for (const piece of [
      'https://',
      'a:b@',
      'https://a:',
      '%40',
      '://@',
      'https%3a%2f%2fa:b%40',
      'https://a:b/',
      '\\@',
      'https://a?b ',
      'https%3a%2f%2fa%3fb/',
      'https%3a%2f%2fa%3fb&',
    ]) {
      const large = `https://${piece.repeat(400_000 / piece.length)}?`;
      expect(redactUrl(large, 'credentials').length).toBeLessThanOrEqual(large.length);
      expect(redactText(large, 'query').length).toBeLessThanOrEqual(large.length);
    }
  });
});

describe('redactText', () => {
  test('by query removes everything that it removes by credentials, even if a URL stands in another one', () => {
    const pieces = ['https://', 'https%3A%2F%2F', 'ldap://', 'jane:SECRET@', 'jane%3ASECRET%40', 'a:SE/CRET@'].concat(
      'host/',
      'host%2F',
      '?',
      '#',
      '&',
      '%3F',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (chosen) => {
        const text = chosen.join('');
        const byCredentials = countOf('CRET', redactText(text, 'credentials'));
        expect(countOf('CRET', redactText(text, 'query'))).toBeLessThanOrEqual(byCredentials);
      }),
      { numRuns: 1000 },
    );
  });

  test.each<readonly [string, string]>([
    ['see https://a:b@host/d, mail x@y.z, or https://host/@me', 'see https://host/d, mail x@y.z, or https://host/@me'],
    ['{"u":"https://a:p/w@host","m":"x@y"}', '{"u":"https://host","m":"x@y"}'],
    ['"https:\\/\\/a:b@host\\/d"', '"https:\\/\\/host\\/d"'],
    ['jane:pass@host', 'jane:pass@host'],
    ['curl -u jane:pass https://host/', 'curl -u jane:pass https://host/'],
    ['no URL at all', 'no URL at all'],
    ['jane%40corp', 'jane%40corp'],
    ['HTTPS%3A%2F%2Fa%3Ab%40host', 'HTTPS%3A%2F%2Fhost'],
    ['"https:\\\\a:b@host"', '"https:\\\\host"'],
    ['x=wss://corp\\a:b@host', 'x=wss://corp\\a:b@host'],
    ['x=http://corp\\a:b@host', 'x=http://corp\\a:b@host'],
    ['x=ws-x://corp\\a:b@host', 'x=ws-x://host'],
    ['x=ldap://corp\\a:b@host', 'x=ldap://host'],
    ['ldaphttps://corp\\a:b@host', 'ldaphttps://host'],
    // What follows white space, a quote or an angle bracket is no longer part of the URL.
    ...[' ', '\t', '\n', '"', '<', '>', '`'].flatMap((end) =>
      ['https://host:pa/', 'https%3A%2F%2Fhost%3Apa%2F'].map((url) => [`${url}${end}a@b`, `${url}${end}a@b`] as const),
    ),
  ])('by credentials makes %p into %p', (text, expected) => {
    expect(redactText(text, 'credentials')).toBe(expected);
    expect(redactText(text, 'none')).toBe(text);
  });

  test.each<readonly [string, string]>([
    ['https://host/a?token=1 and https://host/b#c', 'https://host/a and https://host/b'],
    ['to=https%3A%2F%2Fhost%2Fa%3Ftoken%3D1&x=?', 'to=https%3A%2F%2Fhost%2Fa&x=?'],
    ['what? no URL', 'what? no URL'],
    ...[' ', '"', '<', '>', '`'].map((end) => [`https://host/?token=1${end}b`, `https://host/${end}b`] as const),
    ['https%3A%2F%2Fhost%23f&x', 'https%3A%2F%2Fhost&x'],
    ['https%3A%2F%2Fhost%253f1&x', 'https%3A%2F%2Fhost&x'],
    ['https%3A%2F%2Fhost?1&x', 'https%3A%2F%2Fhost&x'],
    // A URL in the path is redacted, too.
    ['a https://proxy/https://jane:pass@host/x?token=1 b', 'a https://proxy/https://host/x b'],
    ['a https://proxy/https://jane:pa?ss@host/x?token=1 b?', 'a https://proxy/https://host/x b?'],
    ['a https://proxy/https://jane:pa?ss@host/x b', 'a https://proxy/https://host/x b'],
    ['https://proxy/https%3A%2F%2Fjane%3Apa?ss%40host%2Fx&y', 'https://proxy/https%3A%2F%2Fhost%2Fx&y'],
    [
      'https://proxy/https%3A%2F%2Fhost%2F%3Fq&https://jane:pass@host/x?token=1',
      'https://proxy/https%3A%2F%2Fhost%2F&https://host/x',
    ],
    [
      'a https://proxy/https%3A%2F%2Fjane%3Apass%40host%2Fx%3Ftoken%3D1&y=2?token=1 b',
      'a https://proxy/https%3A%2F%2Fhost%2Fx&y=2 b',
    ],
    ['a https://host/x?to=https%3A%2F%2Fjane%3Apass%40host%2Fx https://host/y', 'a https://host/x https://host/y'],
  ])('by query makes %p into %p', (text, expected) => {
    expect(redactText(text, 'query')).toBe(expected);
  });
});
