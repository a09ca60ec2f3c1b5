import details from '../details.json';
import { families } from '../families';
import type { NonEmpty, Random } from '../random';
import records from '../records.json';
import { type Draw, listed, quoted, split } from './hostileValues';

/** The values of a column, most of them unusual: listed values, and values that are made at random. */
export interface Column {
  readonly listed: NonEmpty<string>;
  readonly drawn: readonly Draw[];
}

export function valueOf({ listed: texts, drawn }: Column, random: Random): string {
  const draw = drawn[random.below(drawn.length + 1)];
  return draw === undefined ? random.pick(texts) : draw(random);
}

/** Action types of sessions, by the families: written by hand: taken from the product, the list would be tested against itself. */
export const sessionActions = [
  ...new Set(Object.entries(families).flatMap(([name, { row }]) => (row ? [name.split(' ')[0] ?? name] : []))),
];

/** The word in another spelling with the same meaning: letters in any case, spaces around it. */
export function anyCase(random: Random, word: string): string {
  const bits = random.word();
  const spelt = Array.from(word, (letter, i) =>
    (bits >>> (i % 32)) & 1 ? letter.toUpperCase() : letter.toLowerCase(),
  );
  const space = random.oneIn(8) ? random.pick([' ', '\t', '\u00a0']) : '';
  return `${space}${spelt.join('')}${space}`;
}

const byte: Draw = (random) => String(random.below(256));
const ipv4: Draw = (random) => `${byte(random)}.${byte(random)}.${byte(random)}.${byte(random)}`;
const group: Draw = (random) => random.below(0x10000).toString(16);
const ipv6: Draw = (random) => Array.from({ length: 8 }, () => group(random)).join(':');
const inQuotes =
  (draw: Draw): Draw =>
  (random) =>
    `"${draw(random)}"`;

const address: Column = {
  listed: [
    ...listed`
    "-" | "" | "127.0.0.1" | "::1" | "::" | "0.0.0.0" | "255.255.255.255" | "224.0.0.251" | "ff02::fb" | "fe80::1%12" | "fe80::1%eth0%eth1"
    | "10.0.0.300" | "010.0.0.1" | "0x7f.1" | "2130706433" | "1.2.3" | "1.2.3.4.5" | "[::1]" | "::FFFF:C000:0201" | "::ffff:0:192.0.2.1"
    | "64:ff9b::192.0.2.1" | "1::2::3" | " 192.0.2.1 " | "192.0.2.1:443" | "192.0.2.1/24" | "192.0.2.1\u0000" | "\u0661.2.3.4" | ":::"
    | 3221225985 | [192,0,2,1]`,
    quoted(':'.repeat(120)),
    quoted('1.'.repeat(70)),
  ],
  drawn: [
    ...[ipv4, ipv4, ipv6, (random: Random) => `${group(random)}::${group(random)}`].map(inQuotes),
    (random) => `"::ffff:${ipv4(random)}"`,
    (random) => `"::${ipv4(random)}"`,
  ],
};
const port: Column = {
  listed: listed`
    0 | -1 | 1.5 | 443.0 | 4.43e2 | 65535 | 65536 | 2147483648 | 4294967739 | 1e308 | 9007199254740993 | "0" | "443" | " 443 " | "+443"
    | "0443" | "0x1bb" | "443/tcp" | "4e2" | "\u0664\u0664\u0663" | "00000000000000000443" | null | true | [443] | {"port":443}`,
  drawn: [(random) => String(random.below(65_536)), (random) => `"${random.below(70_000)}"`],
};
const name: Column = {
  listed: [
    ...listed`
    "a..b" | ".x." | "..." | "-.example" | "host.-" | "host.null" | "10.1.2.3" | "::1" | "[::1]" | "bücher.example" | "xn--" | "xn--a"
    | "😀.example" | "a b.example" | "host:445" | "WORKGROUP\\host" | "a%2eb.example" | "a\u3002b.example" | "a.example." | "1.2" | "0x7f.1"
    | "host\u0000.example" | "\u00ad" | "%" | "\ud800.example"`,
    quoted('x'.repeat(300)),
  ],
  drawn: [
    (random) => `"host${random.below(100_000)}"`,
    (random) => `"HOST${random.below(100_000)}.corp${random.below(100)}.example"`,
  ],
};
const url: Column = {
  listed: listed`
    "C:\\Users\\x\\Firefox.lnk" | "\\\\server\\share" | "/path" | "./path" | "/" | "/a?b=c" | "*" | "uri=https://a.example/" | "uri="
    | "https://u:p@a.example/?t=1" | "https://u:p@b:c@a.example" | "https:\\\\u:p@a.example\\@b" | "https:/a.example" | "https://" | "http://-/"
    | "https://null/" | "https:///a.example" | "//u:p@a.example" | "u:p@a.example" | "@" | "?#" | "ftp://a.example" | "ldap://u:p@a.example?x@y"
    | "javascript:alert(1)" | "data:text/plain,x" | "about:blank" | "HTTPS://A.EXAMPLE" | "https://a.example:99999" | "https://a.example:0443"
    | "https://%41.example" | "::1" | "https://a\t.example" | " \u0000https://u:p@a.example" | "https://xn--a/" | "https://\u00ad"
    | "https://\u2100.example" | "https://1.2" | "https://0x7f.1" | "https://256.1.1.1" | "https://[::1" | "https://[fe80::1%25eth0]/" | "[::]:80"
    | "https://\ud800.example/"`,
  drawn: [
    (random) =>
      `"https://site${random.below(10_000)}.example/${random.letters(random.below(40))}?q=${random.below(100)}"`,
    (random) => `"site${random.below(10_000)}.example:${random.below(70_000)}"`,
    (random) => `"http://${ipv4(random)}/"`,
    (random) => `"https://[${ipv6(random)}]:443/#x"`,
    ...name.drawn,
  ],
};
const count: Column = {
  listed: [
    ...listed`
    0 | 1.5 | -1 | 1e18 | 9007199254740993 | 9223372036854775807 | 9223372036854775808 | 1e400 | true | "9223372036854775807"
    | "9223372036854775808" | "-9223372036854775808" | "-1" | "+5" | "1e3" | "many" | "0x5" | ""`,
    quoted('9'.repeat(700)),
  ],
  drawn: [(random) => `"${random.word()}"`],
};
const ts: Column = {
  listed: listed`"116444736000000000" | "0" | "9223372036854775807" | 133703901639948950 | 1e18 | "-1" | null | {}`,
  drawn: [(random) => `"13${random.word()}${random.between(1_000_000, 9_999_999)}"`],
};
const commandLine: Column = {
  listed: listed`"" | null`,
  drawn: [(random) => `"cmd.exe /c ${random.letters(random.below(300))} \\"x\\" \\\\ \\u0001"`],
};
const action: Column = {
  listed: listed`"SomethingNew" | "QuicConnectionInspected" | "connectionINSPECTED" | "" | "-" | "__proto__" | null | 7`,
  drawn: [
    (random) => quoted(anyCase(random, sessionActions[random.below(sessionActions.length)] ?? '')),
    (random) => quoted(sessionActions[random.below(sessionActions.length)] ?? ''),
  ],
};
/** Columns whose values are drawn, by a pattern of their names. */
const drawnKinds: readonly (readonly [RegExp, Column])[] = [
  [/^ActionType$/, action],
  [/Address$|IP$|^PublicScannedIp$/, address],
  [/Port$/, port],
  [/DeviceName$|^host$|hostname|^query$|_(?:computer|domain|tree|server)_name$|^server_name$/, name],
  [/Ur[il]$|^uri$|referrer/, url],
  [/^ts$/, ts],
  [/_(?:bytes|pkts|len)$|Aggregated$/, count],
  [/CommandLine$/, commandLine],
];

/** The values of the other columns: patterns of names with their values. The first pattern that matches counts. */
const listedKinds = String.raw`
IPType$ : "Public" | "Private" | "FourToSixMapping" | "" | null | 1
^DeviceId$ : "0123456789abcdef" | " 0123456789ABCDEF " | "" | "-" | "\u0130" | null | 5 | {}
^Protocol$ : "Tcp" | "TcpV4" | " udp " | "Icmp" | "Unknown" | "quic" | "17" | "\u0131cmp" | "ß" | "-" | 6 | 255 | null
Sid$ : "S-1-5-18" | "S-1-0-0" | "s-1-5-18" | "user1" | "S-1-12-1-1-2-3-4" | "S-1-12-1-4294967295-0-4294967295-1" | "S-1-12-1-4294967296-2-3-4" | "S-1-12-1-1-2-3" | "S-1-5" | "S-1-5-" | "S--1-5" | "S-1-5-21-1-2-3-500 " | "S-1-5-99999999999999999999" | "S-1-5-2\u00b9" | "S-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1" | 18
Time$ : "2026-11-21T08:16:03.9948950Z" | "2026-11-21T08:16:03" | "1601-01-01T00:00:00Z" | "" | "-" | "soon" | 1795420800 | null
^direction$ : "In" | "Out" | "in" | " OUT " | "Inbound" | "outbound" | "Sideways" | "" | null | 1 | ["In"]
code$|^last_reply$ : "200" | "404" | "0" | "-1" | "999999999" | "9999999999" | "250 2.0.0 OK" | " 550" | "5\u00b3" | "x" | "" | "-" | 0 | 3 | 399 | 400 | -1 | 1.5 | 1e400 | 9007199254740993 | null
^duration$ : "0.0005" | "2147483.647" | "2147483.648" | "-1" | "-0" | "1e9" | "1e-400" | "1e999" | " 5 " | "5s" | ".5" | "5." | 0 | -0 | 0.0005 | 1.0005 | 5e-324 | 2147483.6475 | 1e309 | 9007199254740993 | true
^Is|success$|^established$|^resumed$ : "true" | "false" | "True" | " FALSE " | "T" | "1" | "yes" | true | false | 1 | 0 | null
Id$|FileSize$ : 4 | 0 | "0" | 9007199254740993 | 1.5 | null | "13510798882111570" | "-" | {}
next_protocol : "h2" | "http/1.1" | "HTTP/1" | "imap" | "h3" | "" | null | ["h2"]
^method$ : "GET" | "CONNECT" | "connect" | " post " | "-" | 1
. : "x" | "" | "-" | " x " | "\u0000" | "<unknown>" | "alice" | "CORP\\alice" | "nt instans\\system" | null | 5`
  .trim()
  .split('\n')
  .map((line): readonly [RegExp, Column] => {
    const [pattern = '', texts = ''] = line.split(' : ');
    return [new RegExp(pattern), { listed: split(texts), drawn: [] }];
  });

const kinds = [...drawnKinds, ...listedKinds];

/** Odd values for a column, and those that it usually has. */
function columnFor(column: string, usual: readonly unknown[]): Column {
  const { listed: texts, drawn } = kinds.find(([pattern]) => pattern.test(column))?.[1] ?? name;
  const [first, ...others] = texts;
  return { listed: [first, ...others, ...usual.map((value) => JSON.stringify(value))], drawn };
}

function columnsOf(examples: readonly object[]): ReadonlyMap<string, Column> {
  const usual = new Map<string, Set<unknown>>();
  for (const [column, value] of examples.flatMap((example) => Object.entries(example))) {
    usual.set(column, (usual.get(column) ?? new Set()).add(value));
  }
  return new Map([...usual].map(([column, values]) => [column, columnFor(column, [...values])]));
}

const { Timestamp: _, ReportId: __, AdditionalFields: ___, ...kernel } = records.kernel.columns;
/** The columns of the network tables, except those that say which record this is and what becomes of it. */
export const columns = columnsOf([kernel, { MachineId: '0123456789abcdef', ComputerName: 'host.example' }]);
const { dns, ssl, http, icmp, ntlm, kerberos, ssh, smtp, ftp, scan, syn, report, blocked } = details;
/** The keys of AdditionalFields; the last ones are second sources of columns. */
export const detailColumns = columnsOf([
  { direction: 'Out' },
  ...[dns, ssl, http, icmp, ntlm, kerberos, ssh, smtp, ftp, scan, syn, report, blocked].flat(),
  { referrer: '/', RemoteAddress: '192.0.2.7', LocalPort: 50_123, Protocol: 'HTTP', Uri: 'https://a.example/' },
]);
