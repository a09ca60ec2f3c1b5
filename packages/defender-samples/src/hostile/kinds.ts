import type { NonEmpty, Random } from '../random';
import { quoted, texts } from './values';

/** Values of the kinds that columns hold, most of them odd, as JSON text. */
export type Column = (random: Random) => string;
export type NamedColumns = readonly (readonly [name: string, column: Column])[];

export function among(first: string, ...others: readonly string[]): Column {
  const values: NonEmpty<string> = [first, ...others];
  return (random) => random.pick(values);
}

export function either(...makers: NonEmpty<Column>): Column {
  return (random) => random.pick(makers)(random);
}

function asText(column: Column): Column {
  return (random) => `"${column(random)}"`;
}

const byte: Column = (random) => String(random.below(256));
const ipv4: Column = (random) => `${byte(random)}.${byte(random)}.${byte(random)}.${byte(random)}`;
const group: Column = (random) => random.below(0x10000).toString(16);
const ipv6: Column = (random) => Array.from({ length: 8 }, () => group(random)).join(':');
const shortIpv6: Column = (random) => `${group(random)}::${group(random)}`;

export const address = either(
  asText(ipv4),
  asText(ipv4),
  asText(ipv6),
  asText(shortIpv6),
  (random) => `"::ffff:${ipv4(random)}"`,
  (random) => `"::${ipv4(random)}"`,
  among(
    ...texts('-', '', '127.0.0.1', '::1', '::', '0.0.0.0', '255.255.255.255', '224.0.0.251', 'ff02::fb', 'fe80::1%12'),
    ...texts('fe80::1%eth0%eth1', '10.0.0.300', '010.0.0.1', '0x7f.1', '2130706433', '1.2.3', '1.2.3.4.5', '[::1]'),
    ...texts('::FFFF:C000:0201', '::ffff:0:192.0.2.1', '64:ff9b::192.0.2.1', '1::2::3', ' 192.0.2.1 ', '192.0.2.1:443'),
    ...texts('192.0.2.1/24', '192.0.2.1\u0000', '\u0661.2.3.4', ':::', ':'.repeat(120), '1.'.repeat(70)),
    '3221225985',
    '[192,0,2,1]',
  ),
);

export const port = either(
  (random) => String(random.below(65_536)),
  (random) => `"${random.below(70_000)}"`,
  among(
    '0',
    '-1',
    '1.5',
    '443.0',
    '4.43e2',
    '65535',
    '65536',
    '2147483648',
    '4294967739',
    '1e308',
    '9007199254740993',
    ...texts(
      '0',
      '443',
      ' 443 ',
      '+443',
      '0443',
      '0x1bb',
      '443/tcp',
      '4e2',
      '\u0664\u0664\u0663',
      '00000000000000000443',
    ),
    'null',
    'true',
    '[443]',
    '{"port":443}',
  ),
);

export const name = either(
  (random) => `"host${random.below(100_000)}"`,
  (random) => `"HOST${random.below(100_000)}.corp${random.below(100)}.example"`,
  among(
    ...texts('a..b', '.x.', '...', '-.example', 'host.-', 'host.null', '10.1.2.3', '::1', '[::1]', 'x'.repeat(300)),
    ...texts('b\u00fccher.example', 'xn--', 'xn--a', '\u{1f600}.example', 'a b.example', 'host:445', 'WORKGROUP\\host'),
    ...texts('a%2eb.example', 'a\u3002b.example', 'a.example.', '1.2', '0x7f.1', 'host\u0000.example', '\u00ad', '%'),
    '"\\ud800.example"',
  ),
);

export const url = either(
  (random) =>
    `"https://site${random.below(10_000)}.example/${random.letters(random.below(40))}?q=${random.below(100)}"`,
  (random) => `"site${random.below(10_000)}.example:${random.below(70_000)}"`,
  (random) => `"http://${ipv4(random)}/"`,
  (random) => `"https://[${ipv6(random)}]:443/#x"`,
  name,
  among(
    ...texts('C:\\Users\\x\\Firefox.lnk', '\\\\server\\share', '/path', './path', 'uri=https://a.example/', 'uri='),
    ...texts(
      'https://u:p@a.example/?t=1',
      'https://u:p@b:c@a.example',
      'https:\\\\u:p@a.example\\@b',
      'https:/a.example',
    ),
    ...texts(
      'https://',
      'http://-/',
      'https://null/',
      'https:///a.example',
      '//u:p@a.example',
      'u:p@a.example',
      '@',
      '?#',
    ),
    ...texts('ftp://a.example', 'ldap://u:p@a.example?x@y', 'javascript:alert(1)', 'data:text/plain,x', 'about:blank'),
    ...texts('HTTPS://A.EXAMPLE', 'https://a.example:99999', 'https://a.example:0443', 'https://%41.example', '::1'),
    ...texts(
      'https://a\t.example',
      ' \u0000https://u:p@a.example',
      'https://xn--a/',
      'https://\u00ad',
      'https://\u2100.example',
    ),
    ...texts(
      'https://1.2',
      'https://0x7f.1',
      'https://256.1.1.1',
      'https://[::1',
      'https://[fe80::1%25eth0]/',
      '[::]:80',
    ),
    '"https://\\ud800.example/"',
  ),
);

export const sid = among(
  ...texts('S-1-5-18', 'S-1-0-0', 's-1-5-18', 'user1', 'S-1-12-1-1-2-3-4', 'S-1-12-1-4294967295-0-4294967295-1'),
  ...texts('S-1-12-1-4294967296-2-3-4', 'S-1-12-1-1-2-3', 'S-1-5', 'S-1-5-', 'S--1-5', 'S-1-5-21-1-2-3-500 '),
  ...texts('S-1-5-99999999999999999999', 'S-1-5-999999999999999999999', 'S-1-5-2\u00b9', `S-1${'-1'.repeat(40)}`),
  '18',
);

export const time = among(
  ...texts('2026-11-21T08:16:03.9948950Z', '2026-11-21T08:16:03', '1601-01-01T00:00:00Z', '', '-', 'soon'),
  '1795420800',
  'null',
);

export const count = either(
  (random) => `"${random.word()}"`,
  among(
    '0',
    '1.5',
    '-1',
    '1e18',
    '9007199254740993',
    '9223372036854775807',
    '9223372036854775808',
    '1e400',
    'true',
    ...texts(
      '9223372036854775807',
      '9223372036854775808',
      '-9223372036854775808',
      '-1',
      '+5',
      '1e3',
      'many',
      '0x5',
      '',
    ),
    quoted('9'.repeat(700)),
  ),
);

export const yesNo = among(
  ...texts('true', 'false', 'True', ' FALSE ', 'T', '1', 'yes'),
  'true',
  'false',
  '1',
  '0',
  'null',
);

export const code = among(
  ...texts('200', '404', '0', '-1', '999999999', '9999999999', '250 2.0.0 OK', ' 550', '5\u00b3', 'x', '', '-'),
  '0',
  '3',
  '200',
  '399',
  '400',
  '-1',
  '1.5',
  '1e400',
  '9007199254740993',
  'null',
);
