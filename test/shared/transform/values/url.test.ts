import * as fc from 'fast-check';
import { redactUrl } from '../../../../shared/transform/values/redactUrl';
import { cleanUrl, hostOf, isAbsolute, schemeOf } from '../../../../shared/transform/values/url';
import { anyText, hostileText } from '../../kit/values';

const dots = /^\.+|\.+$/g;

describe('hostOf', () => {
  test.each([
    ['https://www.example.org/a?b=c', 'www.example.org', false],
    ['www.example.org', 'www.example.org', false],
    ['www.example.org:443', 'www.example.org', false],
    ['www.example.org/path', 'www.example.org', false],
    ['HTTPS://WWW.Example.ORG./', 'www.example.org', false],
    ['https://user:pass@example.org:8443/', 'example.org', false],
    ['user:p@ss@example.org/', 'example.org', false],
    ['https://[2001:DB8::1]:443/', '2001:db8::1', true],
    ['2001:db8::1', '2001:db8::1', true],
    ['10.0.0.1', '10.0.0.1', true],
    ['http://0x7f.1/', '127.0.0.1', true],
    ['ftp://files.example/', 'files.example', false],
    ['wss://chat.example/', 'chat.example', false],
    ['https://bücher.example/', 'xn--bcher-kva.example', false],
    ['https:\\\\example.org\\path', 'example.org', false],
    ['https:/example.org/path', 'example.org', false],
    ['https:///example.org/', 'example.org', false],
    ['https://evil.example\\@good.example/', 'evil.example', false],
    ['sync.1rx.io', 'sync.1rx.io', false],
  ])('of %s is %s', (text, name, isAddress) => {
    expect(hostOf(text)).toEqual({ name, isAddress });
  });

  test.each(['', 'https://', 'http://a b/', 'a:99999', 'https://[::1', '://', '...', 'a'.repeat(20_000), undefined])(
    'of %p there is none',
    (text) => {
      expect(hostOf(text)).toBeUndefined();
    },
  );

  test('is what the URL standard says for every web URL', () => {
    fc.assert(
      fc.property(
        fc.webUrl({ authoritySettings: { withPort: true, withUserInfo: true, withIPv4: true, withIPv6: true } }),
        (url) => {
          const expected = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(dots, '');
          expect(hostOf(url)?.name).toBe(expected);
        },
      ),
    );
  });

  test('is what the URL standard says for any text behind a web scheme', () => {
    const slashes = fc.constantFrom('//', '/', '\\\\', '///', '\\/');
    fc.assert(
      fc.property(
        fc.constantFrom('http:', 'HTTPS:'),
        slashes,
        fc.oneof(anyText, fc.string(), fc.domain()),
        (scheme, slash, rest) => {
          const url = `${scheme}${slash}${rest}`;
          const expected = URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '').replace(dots, '') : '';
          expect(hostOf(url)?.name ?? '').toBe(expected);
        },
      ),
    );
  });

  test('of any text throws nothing, and of a host gives that host', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, anyText, fc.webUrl()), (text) => {
        const host = hostOf(text);
        if (host !== undefined) expect(hostOf(host.name)).toEqual(host);
      }),
    );
  });
});

describe('redactUrl', () => {
  test('by none changes nothing', () => {
    fc.assert(fc.property(fc.oneof(hostileText, fc.webUrl()), (url) => expect(redactUrl(url, 'none')).toBe(url)));
  });

  test.each([
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
  ])('by credentials makes %p into %p', (url, expected) => {
    expect(redactUrl(url, 'credentials')).toBe(expected);
  });

  test.each([
    ['https://a:b@host/x?token=1#f', 'https://host/x'],
    ['https://host#f', 'https://host'],
    ['/x?token=1', '/x'],
    ['https://host/x', 'https://host/x'],
    ['https://a:b@host?token=a@b', 'https://host'],
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

  test('leaves no user and no password, whatever they are made of', () => {
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

  test('leaves nothing that a browser would take for a user or a password', () => {
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

  test('of what it gives changes nothing more', () => {
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
});

describe('cleanUrl', () => {
  test.each([
    ['uri=https://a.example/', 'https://a.example/'],
    ['URI=a.example', 'a.example'],
    ['https://a.example/', 'https://a.example/'],
    ['C:\\Users\\x\\Firefox.lnk', undefined],
    ['c:/users/x', undefined],
    ['\\\\server\\share', undefined],
    ['/usr/bin/x', undefined],
    ['./x', undefined],
    ['..\\x', undefined],
    ['uri=', undefined],
    [undefined, undefined],
  ])('%p is %p', (text, expected) => {
    expect(cleanUrl(text)).toBe(expected);
  });
});

test('a scheme is read in any case, and only before ://', () => {
  expect([schemeOf('HTTPS://a'), schemeOf('a.example:443'), schemeOf('svn+ssh://a'), schemeOf(undefined)]).toEqual([
    'https',
    undefined,
    'svn+ssh',
    undefined,
  ]);
  expect([isAbsolute('Http://a'), isAbsolute('/a'), isAbsolute('mailto:a@b')]).toEqual([true, false, false]);
});
