import type { NonEmpty, Random } from '../random';

/** Hostile JSON values, each as JSON text without line breaks. None is larger than about 2 KB. */

/** The JSON text of a string. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** The JSON texts of strings. */
export function texts(first: string, ...others: readonly string[]): NonEmpty<string> {
  return [quoted(first), ...others.map(quoted)];
}

/** What says nothing, in every spelling and type. */
export const nothings: NonEmpty<string> = [
  'null',
  '{}',
  '[]',
  'true',
  'false',
  ...texts('', '-', 'null', ' ', ' - ', 'NULL', '\t', '\u00a0', '\u3000null\ufeff'),
];

/** Texts that have a meaning somewhere on the way: for JavaScript, JSON, a URL, a path, a query, a terminal. */
const words: NonEmpty<string> = texts(
  '-.',
  '. .',
  '...',
  '-.a',
  'a.-',
  'null.null',
  'a@',
  '@',
  '-@-',
  '<unknown>',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'undefined',
  'NaN',
  'Infinity',
  '1e400',
  '0x10',
  '99999999999999999999999',
  '-1',
  '443 ',
  '9007199254740993',
  '{"a":',
  '[[[[',
  '{}',
  '[]',
  '[1,2]',
  '{"__proto__":{"polluted":1}}',
  '"',
  '\\',
  '\\"',
  '\\u0000',
  "'; drop table NetworkSessions --",
  '=cmd|calc',
  '%00',
  '%s%n',
  '${jndi:ldap://a.example/x}',
  '<script>alert(1)</script>',
  '../../../../etc/passwd',
  'C:\\Windows\\..\\x',
  '\\\\server\\share',
  'https://-/',
  'https://null',
  'https://a:b@',
  'javascript:alert(1)',
  '?#',
  'true',
  '2026-02-30T00:00:00Z',
);

/** Strings that not every reader takes: halves of a pair, NUL, escapes that nobody needs, marks that turn the writing around. */
const strangeTexts: NonEmpty<string> = [
  '"\\ud800"',
  '"\\udfff"',
  '"\\udc00\\ud800"',
  '"a\\ud83d.example"',
  '"\\ud83d\\ude00"',
  '"\u{1f600}"',
  '"\\u0000"',
  '"a\\u0000b"',
  '"\\n\\r\\t\\b\\f\\/"',
  '"line\\nbreak"',
  '"\\u2028\u2028\\u2029"',
  '"\\ufeff"',
  '"\ufeff-\ufeff"',
  '"\u202egnp.exe"',
  '"\u200b"',
  '"\u00e9e\u0301"',
  '"\ufffd"',
  '"\uffff"',
  '"\u0130I\u0131i\u017f\u212a"',
  '"\u007f"',
  '"\\u001b[2J"',
  '"\\u0041\\u002e\\u0042"',
];

const numbers: NonEmpty<string> = [
  '0',
  '-0',
  '-1',
  '1.5',
  '0.1',
  '65536',
  '4294967296',
  '9007199254740991',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '18446744073709551616',
  '123456789012345678901234567890123456789012345678901234567890123456789',
  '1e5',
  '1E+2',
  '1e-7',
  '5e-324',
  '1e308',
  '1e309',
  '-1e400',
  '1e99999999999',
  '0.1e-99999999999',
  '12345678901234567.5',
  '1.00000000000000000000000000000000000001',
  `1${'0'.repeat(400)}`,
  `0.${'3'.repeat(400)}`,
  '9'.repeat(2000),
];

const containers: NonEmpty<string> = [
  '{}',
  '[]',
  '[[]]',
  '[{}]',
  '[null]',
  '[null,null,[null,{"a":null}]]',
  '{"":""}',
  '{"a":null}',
  '{"a":1,"a":2}',
  '{"a":{"b":{"c":null}},"d":[]}',
  '{"0":"a","1":"b","length":-1}',
  '{"length":1e9}',
  '{"toJSON":"x"}',
  '{"toString":null,"valueOf":1}',
  '{"then":true}',
  '{"Truncated":"no"}',
  '{"__proto__":{"polluted":1}}',
  '{"__proto__":null,"a":{"__proto__":[9007199254740993]}}',
  '{"__proto__":"text","__proto__":{"LocalIP":"10.0.0.1"}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  '{"\\u005f_proto__":{"polluted":1}}',
  '{"hasOwnProperty":1,"isPrototypeOf":{}}',
  '{"\\ud800":"\\udfff","\\ud801":1}',
  '{"a":"\\ud800","b":["\\udc00",{"c":"x\\ud900"}]}',
  '[9007199254740993,-9007199254740993,1e400,0.1]',
  '{"isLosslessNumber":true,"value":"1"}',
  '[true,false,"",0,{}]',
];

/** Keys that mean something to JavaScript, and some that mean nothing to anybody. */
export const keys: NonEmpty<string> = [
  ...texts('__proto__', 'constructor', 'prototype', 'toJSON', 'toString', 'hasOwnProperty', 'length', '0', ''),
  ...texts('NewColumn', 'Truncated', 'Detail', 'Unmapped', ' ', '-', 'null', '\u0000', '\u00e9', '\u{1f600}', 'a.b'),
  '"\\ud800"',
  '"\\ud801"',
  '"\\u005f_proto__"',
];

/** Any hostile value. */
export function hostileValue(random: Random): string {
  switch (random.below(8)) {
    case 0:
      return random.pick(nothings);
    case 1:
      return random.pick(strangeTexts);
    case 2:
      return random.pick(numbers);
    case 3:
      return random.pick(containers);
    case 4:
      return anyText(random);
    case 5:
      return nested(random, 3);
    default:
      return random.pick(words);
  }
}

/** Up to 16 UTF-16 units, some escaped and some not, most of them no text in any language. */
function anyText(random: Random): string {
  let text = '';
  for (let length = random.below(17); length > 0; length--) {
    const unit = random.below(0x10000);
    const isPlain = unit >= 0x80 && unit < 0xd800;
    text += isPlain ? String.fromCharCode(unit) : `\\u${unit.toString(16).padStart(4, '0')}`;
  }
  return `"${text}"`;
}

function nested(random: Random, depth: number): string {
  const kind = depth === 0 ? 2 : random.below(3);
  if (kind === 2) return random.pick(random.oneIn(2) ? numbers : words);
  const items: string[] = [];
  for (let length = random.below(4); length > 0; length--) {
    const item = nested(random, depth - 1);
    items.push(kind === 0 ? item : `${random.pick(keys)}:${item}`);
  }
  return kind === 0 ? `[${items.join(',')}]` : `{${items.join(',')}}`;
}
