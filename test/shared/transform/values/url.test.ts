import * as fc from 'fast-check';
import { cleanUrl, hostOf, isAbsolute, schemeOf } from '../../../../shared/transform/values/url';
import { anyText, hostileText } from '../../kit/valueKit';

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

  test('agrees with the URL standard for every web URL', () => {
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

  test('agrees with the URL standard for any text after a web scheme', () => {
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

  test('never throws, and returns its own output unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, anyText, fc.webUrl()), (text) => {
        const host = hostOf(text);
        if (host !== undefined) expect(hostOf(host.name)).toEqual(host);
      }),
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
    ['//www.example.net/x', '//www.example.net/x'],
    ['///etc/passwd', undefined],
    ['//./pipe/x', undefined],
    ['//?/C:/x', undefined],
    ['/usr/bin/x', undefined],
    ['./x', undefined],
    ['..\\x', undefined],
    ['uri=', undefined],
    [undefined, undefined],
  ])('%p is %p', (text, expected) => {
    expect(cleanUrl(text)).toBe(expected);
  });
});

test('a scheme is recognised in any case, and only before ://', () => {
  expect([schemeOf('HTTPS://a'), schemeOf('a.example:443'), schemeOf('svn+ssh://a'), schemeOf(undefined)]).toEqual([
    'https',
    undefined,
    'svn+ssh',
    undefined,
  ]);
  expect([isAbsolute('Http://a'), isAbsolute('/a'), isAbsolute('mailto:a@b')]).toEqual([true, false, false]);
});
