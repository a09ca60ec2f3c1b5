import { isInAny, toAddressRange } from '../../../../shared/transform/values/addressRange';

function isIn(address: string | undefined, ...texts: string[]): boolean {
  return isInAny(
    address,
    texts.flatMap((text) => toAddressRange(text) ?? []),
  );
}

describe('addresses and ranges', () => {
  test.each([
    ['10.20.0.8', '10.20.0.8', true],
    ['10.20.0.8', '10.20.0.9', false],
    ['10.20.0.0/16', '10.20.255.255', true],
    ['10.20.0.0/16', '10.21.0.0', false],
    ['10.20.7.9/16', '10.20.0.1', true],
    ['10.20.0.8/32', '10.20.0.8', true],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['::/0', '203.0.113.9', false],
    ['2001:DB8::/32', '2001:db8:1::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::8', '2001:db8::8', true],
    ['::ffff:10.20.0.8', '10.20.0.8', true],
    ['::ffff:10.20.0.0/112', '10.20.9.9', true],
    ['::ffff:10.20.0.0/112', '10.21.0.0', false],
    ['10.0.0.0/7', '11.255.0.1', true],
  ])('%s holds %s: %p', (text, address, expected) => {
    expect(isIn(address, text)).toBe(expected);
  });

  test('one matching range is enough; without ranges nothing matches', () => {
    expect(isIn('10.0.0.1', '192.0.2.0/24', '10.0.0.1')).toBe(true);
    expect([isIn(undefined, '0.0.0.0/0'), isIn('10.0.0.1')]).toEqual([false, false]);
  });

  test.each([
    '',
    '10.20.0.8:8080',
    '[2001:db8::8]',
    'proxy.example.com',
    '10.20.0.0/33',
    '10.20.0.0/-1',
    '10.20.0.0/',
    '10.20.0.0/08',
    '10.20.0.0/16/16',
    '10.20.0.0 /16',
    '10.20.0.0-10.20.0.9',
    '10.20.*',
    '2001:db8::/129',
    '::ffff:10.20.0.0/95',
    '/16',
    '010.20.0.8',
  ])('%p is none', (text) => {
    expect(toAddressRange(text)).toBeUndefined();
  });
});
