import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { canBeDevice, toAddress, toEndpoint } from '../../../../shared/transform/values/address';
import { anyJson } from '../../kit/valueKit';

/** IPv6 in the form of RFC 5952, as the URL standard writes it. */
function byUrl(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

describe('toAddress', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    [' 192.0.2.1 ', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', '2001:db8::1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['fe80::1%12', 'fe80::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:192.0.2.1', '192.0.2.1'],
    ['::ffff:c000:201', '192.0.2.1'],
    ['0:0:0:0:0:ffff:c000:0201', '192.0.2.1'],
    ['64:ff9b::192.0.2.1', '64:ff9b::c000:201'],
    ['::192.0.2.1', '::c000:201'],
    ['::0.0.0.0', '::'],
    ['::ffff:0:192.0.2.1', '::ffff:0:c000:201'],
  ])('%s is %s', (text, expected) => {
    expect(toAddress(text)).toBe(expected);
  });

  test.each([
    '',
    '-',
    'null',
    'localhost',
    '10.0.0.300',
    '10.0.0',
    '010.0.0.1',
    '0x7f.0.0.1',
    '2130706433',
    '10.0.0.1:443',
    '[::1]',
    '::ffff:10.0.0.300',
    '::ffff:010.0.0.1',
    '::ffff:0x7f.0.0.1',
    '::ffff:127.1',
    '1::2::3',
    ':::',
    '12345::',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '192.0.2.1/24',
    '%eth0',
    '10.0.0.1\u0000',
  ])('%p is no address', (text) => {
    expect(toAddress(text)).toBeUndefined();
  });

  test('agrees with Node on what is an address, and with the URL standard on the form of IPv6', () => {
    const almost = fc
      .array(
        fc.oneof(
          fc.constantFrom(':', '::', '.', 'ffff', '0', '1', '255', '256', '08'),
          fc.stringMatching(/^[0-9a-f]{1,4}$/),
        ),
        {
          maxLength: 16,
        },
      )
      .map((parts) => parts.join(''));
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc
        .array(fc.stringMatching(/^(?:0|[0-9a-fA-F]{1,4})$/), { minLength: 8, maxLength: 8 })
        .map((groups) => groups.join(':')),
      almost,
    );
    fc.assert(
      fc.property(text, (address) => {
        const found = toAddress(address);
        if (isIP(address) === 0) expect(found).toBeUndefined();
        else if (isIP(address) === 4) expect(found).toBe(address);
        else {
          const expected = byUrl(address);
          const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(expected);
          const bytes = mapped
            ?.slice(1)
            .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
          expect(found).toBe(bytes?.join('.') ?? expected);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('returns an address or undefined for any JSON, and an address unchanged', () => {
    fc.assert(
      fc.property(fc.oneof(anyJson, fc.ipV4(), fc.ipV6()), (value) => {
        const address = toAddress(value);
        if (address === undefined) return;
        expect(isIP(address)).not.toBe(0);
        expect(toAddress(address)).toBe(address);
        expect(typeof canBeDevice(address)).toBe('boolean');
      }),
    );
  });
});

describe('toEndpoint', () => {
  test.each([
    ['203.0.113.1', '203.0.113.1', undefined],
    ['203.0.113.1:443', '203.0.113.1', 443],
    [' 203.0.113.1:443 ', '203.0.113.1', 443],
    ['203.0.113.1:0', '203.0.113.1', undefined],
    ['203.0.113.1:65535', '203.0.113.1', 65_535],
    ['[2001:DB8::9]:443', '2001:db8::9', 443],
    ['[2001:db8::9]', '2001:db8::9', undefined],
    ['[fe80::1%12]:53', 'fe80::1', 53],
    ['[::ffff:203.0.113.1]:443', '203.0.113.1', 443],
    ['[203.0.113.1]:443', '203.0.113.1', 443],
    ['2001:db8::9:443', '2001:db8::9:443', undefined],
  ])('%p is %s and port %p', (text, address, port) => {
    expect(toEndpoint(text)).toEqual({ address, port });
  });

  test.each([
    '203.0.113.1:',
    '203.0.113.1:65536',
    '203.0.113.1:-1',
    '203.0.113.1:https',
    '203.0.113.1:443:443',
    '203.0.113.1 443',
    '203.0.113.300:443',
    '[2001:db8::9',
    '2001:db8::9]:443',
    '[[2001:db8::9]]:443',
    '[]:443',
    ':443',
    'www.example.com:443',
    '-:443',
    443,
    ['203.0.113.1:443'],
  ])('%p is none', (value) => {
    expect(toEndpoint(value)).toBeUndefined();
  });

  test('returns an address and a port, or undefined, for any JSON', () => {
    const text = fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(70_000))
      .map(([address, port]) => `${address}:${port}`);
    fc.assert(
      fc.property(fc.oneof(anyJson, text), (value) => {
        const found = toEndpoint(value);
        if (found === undefined) return;
        expect(isIP(found.address)).not.toBe(0);
        if (found.port !== undefined) expect(found.port > 0 && found.port < 65_536).toBe(true);
      }),
    );
  });
});

describe('canBeDevice', () => {
  test.each([
    ['10.0.0.1', true],
    ['127.0.0.1', true],
    ['169.254.1.1', true],
    ['8.8.8.8', true],
    ['fe80::1', true],
    ['2001:db8::1', true],
    ['0.0.0.0', false],
    ['255.255.255.255', false],
    ['224.0.0.251', false],
    ['239.255.255.250', false],
    ['::', false],
    ['ff02::fb', false],
  ])('%s: %p', (address, expected) => {
    expect(canBeDevice(address)).toBe(expected);
  });
});
