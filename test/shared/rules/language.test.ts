import * as fc from 'fast-check';
import { Books, balances } from '../../../shared/books';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf, message, recordOf } from '../kit/batches';
import { fateUnder, problemsOf, ruled, rulesOf } from '../kit/ruleKit';

const web = { LocalIP: '192.0.2.5', LocalPort: 50_000, RemoteIP: '203.0.113.7', RemotePort: 443 };

describe('a rule looks at the row and at the record', () => {
  test.each([
    ['a port', 'row.DstPortNumber == 443', web, 'dropped'],
    ['another port', 'row.DstPortNumber == 80', web, 'kept'],
    ['a port among several', 'row.DstPortNumber in [80, 443]', web, 'dropped'],
    ['a text and a port', 'row.SrcIpAddr == "192.0.2.5" && row.DstPortNumber > 400', web, 'dropped'],
    ['a column of the record', 'record.RemotePort == 443', web, 'dropped'],
    [
      'a column by the name of today, in a record of the old table',
      'record.DeviceName == "pc1"',
      { ComputerName: 'pc1' },
      'dropped',
    ],
    ['a column that Defender has added', 'record["Brand"] == "new"', { Brand: 'new' }, 'dropped'],
    [
      "a key of Defender's AdditionalFields",
      'record.AdditionalFields.direction == "Out"',
      { AdditionalFields: '{"direction":"Out"}' },
      'dropped',
    ],
    ['a key that is not there', 'record.AdditionalFields.direction == null', { AdditionalFields: '{}' }, 'dropped'],
    ['an item of a list', 'record["L"].exists(x, x == 2)', { L: [1, 2] }, 'dropped'],
    ['an international text', 'record.DeviceName == "büro-é"', { DeviceName: 'büro-é' }, 'dropped'],
    [
      'lower case',
      'record.InitiatingProcessFileName.lowerAscii() == "a.exe"',
      { InitiatingProcessFileName: 'A.EXE' },
      'dropped',
    ],
  ])('%s', async (_, when, record, fate) => {
    expect(await fateUnder(when, record)).toBe(fate);
  });
});

describe('whole numbers of 64 bits are exact', () => {
  test.each([
    ['9007199254740993', '9007199254740993', 1],
    ['9007199254740993', '9007199254740992', 0],
    ['9223372036854775807', '9223372036854775807', 1],
    ['9223372036854775807', '9223372036854775806', 0],
  ])('%s == %s', async (sent, written, dropped) => {
    // JSON.stringify would round the number, so it is put in afterwards.
    const body = message(recordOf(1, { N: 'N' }))
      .toString()
      .replace('"N":"N"', `"N":${sent}`);
    const books = new Books();
    const rules = rulesOf({ when: `record["N"] == ${written}` });
    await transformBatch(batchOf([Buffer.from(body)]), defaultTransformSettings, books, { rules });
    expect(books.tally().dropped).toBe(dropped);
  });
});

describe('what is absent is null', () => {
  test.each([
    ['is equal to null', 'row.DstPortNumber == null', 'dropped'],
    ['is unequal to every text', 'row.DstDomainHostname != "a"', 'dropped'],
    ['has no order: the rule does not match', 'row.DstPortNumber > 10', 'kept'],
    ['has no order: nor does its opposite', '!(row.DstPortNumber > 10)', 'kept'],
    ['is no text to look at', 'row.DstDomainHostname.endsWith(".example")', 'kept'],
    ['is no text to look at: nor is the opposite true', '!row.DstDomainHostname.endsWith(".example")', 'kept'],
    ['matches no pattern and not its opposite', '!row.DstDomainHostname.matches("a")', 'kept'],
    ['lies in no range and not outside', '!inCidr(row.DstIpAddr, "10.0.0.0/8")', 'kept'],
    ['lies in no domain and not outside', '!inDomain(row.DstDomainHostname, "example.com")', 'kept'],
    ['leaves the other side of || to decide', 'row.DstPortNumber > 10 || row.EventCount == 1', 'dropped'],
    ['leaves the other side of && to decide', '!(row.DstPortNumber > 10 && row.EventCount == 2)', 'dropped'],
    ['stays absent in lower case', 'row.DstDomainHostname.lowerAscii() == null', 'dropped'],
    ['has no sum', 'row.DstPortNumber + 1 == 1', 'kept'],
    ['has no parts', 'record["X"].y.z == 1', 'kept'],
    ['has no length', 'size(row.DstDomainHostname) < 5', 'kept'],
    ['stands for a list that is too long', 'record["L"].exists(x, x == 1)', 'kept'],
  ])('it %s', async (_, when, fate) => {
    expect(await fateUnder(when, { L: Array.from({ length: 101 }, () => 1) })).toBe(fate);
  });

  const absent = ['record["X"]', 'record.AdditionalFields.l', 'record["Y"].a', 'record["E"][3]'];
  const questions = [
    'V.exists(x, x == 3)',
    '!V.exists(x, x == 3)',
    'V.all(x, x == 3)',
    'V.exists_one(x, x == 3)',
    '"a" in V',
    '!("a" in V)',
    'null in V',
    '1 in V',
    'size(V) == 0',
    'V.size() == 0',
    'V[0] == 1',
    'V.a == 1',
    'V && true',
    '!V',
    'V ? true : true',
    'V < 1',
    '-V == 1',
    'V + [1] == [1]',
    'V + "a" == "a"',
    'int(V) == 1',
    'string(V) == ""',
    'V.contains("a")',
    'V.lowerAscii() == "a"',
    '[1].exists(x, V)',
    '[1].all(x, V > x)',
  ];
  test.each(questions)('no question about it has an answer, and none is an error: %s', async (question) => {
    const fates = await Promise.all(
      absent.map((value) => fateUnder(question.replaceAll('V', value), { AdditionalFields: '{}', Y: {}, E: [] })),
    );
    expect(fates).toEqual(absent.map(() => 'kept'));
  });
});

describe('an object of the record has keys', () => {
  test.each([
    ['"s" in record.AdditionalFields', 'dropped'],
    ['"n" in record.AdditionalFields', 'kept'],
    ['"t" in record.AdditionalFields', 'kept'],
    ['!("t" in record.AdditionalFields)', 'dropped'],
    ['"toString" in record.AdditionalFields', 'kept'],
    ['1 in record.AdditionalFields', 'kept'],
    ['record.AdditionalFields.size() == 2', 'dropped'],
    ['size(record.AdditionalFields.o) == 1', 'dropped'],
    ['record.AdditionalFields.exists(key, key.startsWith("s"))', 'dropped'],
    ['record.AdditionalFields.all(key, key == "s")', 'kept'],
    ['record.AdditionalFields.o.all(key, key == "p")', 'dropped'],
  ])('%s', async (when, fate) => {
    expect(await fateUnder(when, { AdditionalFields: '{"s":1,"n":null,"o":{"p":1}}' })).toBe(fate);
  });
});

describe('an item without an answer leaves the others to decide', () => {
  test.each([
    ['record["L"].exists(x, x > 1)', 'dropped'],
    ['record["L"].exists(x, x > 5)', 'kept'],
    ['record["L"].all(x, x > 0)', 'kept'],
    ['!record["L"].all(x, x > 1)', 'dropped'],
    ['record["L"].exists_one(x, x == 2)', 'dropped'],
    ['record["L"].exists_one(x, x > 1)', 'kept'],
  ])('%s', async (when, fate) => {
    expect(await fateUnder(when, { L: [1, null, 2] })).toBe(fate);
  });
});

describe('inCidr', () => {
  test.each([
    ['10.0.0.1', '10.0.0.0/8', 'dropped'],
    ['11.0.0.1', '10.0.0.0/8', 'kept'],
    ['::ffff:10.0.0.1', '10.0.0.0/8', 'dropped'],
    ['10.0.0.1', '::ffff:10.0.0.0/104', 'dropped'],
    ['2001:DB8::1', '2001:db8::/32', 'dropped'],
    ['::1', '::1', 'dropped'],
    ['fe80::1%12', 'fe80::/10', 'dropped'],
    ['10.0.0.1', '::/0', 'kept'],
    ['no address', '0.0.0.0/0', 'kept'],
    ['203.0.113.1', '0.0.0.0/0', 'dropped'],
    ['255.255.255.255', '255.255.255.255', 'dropped'],
    ['10.0.0.1', '10.0.0.0/31', 'dropped'],
    ['10.0.0.2', '10.0.0.0/31', 'kept'],
    ['200.0.0.1', '128.0.0.0/1', 'dropped'],
    ['0.0.0.0', '0.0.0.0/8', 'dropped'],
    ['010.0.0.1', '10.0.0.0/8', 'kept'],
    ['10.0.0', '10.0.0.0/8', 'kept'],
    ['10.0.0.1.1', '10.0.0.0/8', 'kept'],
    ['10.0.0.256', '10.0.0.0/8', 'kept'],
    ['10..0.1', '10.0.0.0/8', 'kept'],
    [' 10.0.0.1 ', '10.0.0.0/8', 'dropped'],
  ])('%s in %s', async (RemoteIP, range, fate) => {
    expect(await fateUnder(`inCidr(record.RemoteIP, "${range}")`, { RemoteIP })).toBe(fate);
  });
});

describe('inDomain', () => {
  test.each([
    ['example.com', 'example.com', 'dropped'],
    ['a.b.EXAMPLE.com.', 'example.com', 'dropped'],
    ['badexample.com', 'example.com', 'kept'],
    ['example.com.evil.test', 'example.com', 'kept'],
    ['www.bücher.example', 'xn--bcher-kva.example', 'dropped'],
    ['www.xn--bcher-kva.example', 'BÜCHER.example', 'dropped'],
    ['', 'example.com', 'kept'],
  ])('%s in %s', async (DeviceName, domain, fate) => {
    expect(await fateUnder(`inDomain(record.DeviceName, ["nothing.test", "${domain}"])`, { DeviceName })).toBe(fate);
  });
});

describe('matches', () => {
  test('finds a pattern anywhere, as RE2 reads it', async () => {
    expect(await fateUnder('record.DeviceName.matches("(?i)^FIN-\\\\d+")', { DeviceName: 'fin-042' })).toBe('dropped');
  });

  test('takes linear time for a pattern that a backtracking engine never finishes', async () => {
    const DeviceName = `${'a'.repeat(30_000)}!`;
    expect(await fateUnder('record.DeviceName.matches("^(a+)+$")', { DeviceName })).toBe('kept');
  });

  test('has no answer for a text that is longer than any command line', async () => {
    expect(await fateUnder('record.DeviceName.matches("a")', { DeviceName: 'a'.repeat(32_769) })).toBe('kept');
  });

  // `[a-z]{97}0` compiles to 100 instructions: 97 letters, the 0, the start and the match.
  test.each([
    [4000, 'dropped'],
    [4001, 'kept'],
  ])('a text of %d characters and a pattern of 100 instructions: %s', async (length, fate) => {
    const DeviceName = `${'a'.repeat(length - 1)}0`;
    expect(await fateUnder(`record.DeviceName.matches("[a-z]{97}0")`, { DeviceName })).toBe(fate);
  });
});

describe('what is too long to look through has no answer', () => {
  test.each([
    ['a text', 'record["T"] != "a"'],
    ['a text made of others', '(record["U"] + record["U"]).contains("a")'],
    ['a list of lists', 'record["M"] != [1]'],
    ['an object with more keys than a list has items', 'record["K"].exists(key, key == "k1")'],
    ['the number of its keys', 'record["K"].size() > 1'],
  ])('%s', async (_what, when) => {
    const K = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`k${i}`, i]));
    const M = Array.from({ length: 11 }, () => Array.from({ length: 9 }, () => 1));
    expect(await fateUnder(when, { T: 'a'.repeat(32_769), U: 'a'.repeat(20_000), M, K })).toBe('kept');
  });
});

describe('an expression that throws keeps the record and counts the error', () => {
  test.each([
    ['a division by zero', '1 / 0 == 1'],
    ['a number that is none', 'int(record.DeviceName) == 1'],
    ['a text compared with a number of the record', 'record.DeviceName > 1'],
    ['a number where a text must be', 'record.ReportId.startsWith("1")'],
    ['an overflow', '9223372036854775807 + row.EventCount == 0'],
  ])('%s', async (_, when) => {
    expect(await fateUnder(when, { DeviceName: 'pc' })).toBe('kept, with an error');
  });
});

test('the lowest number of 64 bits can be written', () => {
  expect(problemsOf('row.EventCount == -9223372036854775808')).toEqual([]);
});

describe('what an expression must not be is told at the start, with its place', () => {
  test.each([
    ['row.DstPortNumber == "443"', 'line 1, column 1: no such overload: int == string. Compare text with text'],
    ['row.DstPortNumbr == 1', 'row has no column DstPortNumbr. Did you mean DstPortNumber?'],
    ['true && row.dstipaddr == "a"', 'column 9: row has no column dstipaddr. Write DstIpAddr.'],
    ['row.DstMacAddr == "a"', 'nothing fills the column DstMacAddr, so it is always null'],
    [
      'record.RemotIP == "a"',
      'record has no known column RemotIP. Did you mean RemoteIP? If Defender has added it, write record["RemotIP"].',
    ],
    ['row.EventSubType', 'the expression gives string, not true or false'],
    ['record.X', 'record has no known column X'],
    ['record["X"]', 'the expression gives dyn, not true or false'],
    ['row.DstIpAddr =', 'column 15: Unexpected character: =. Remove it. Values are compared with =='],
    ['row.DstPortNumber ==', 'Unexpected token: the end of the expression. Complete the expression there.'],
    ['(row.DstPortNumber == 1', 'Expected ), got the end of the expression. Complete the expression there'],
    ["{'a': 1}.a == 1", 'an expression cannot make an object. Write a list'],
    ['inCidr(row.DstIpAddr, [])', 'the list is empty, so nothing could match. Put a text in quotes into it'],
    [`${'!'.repeat(34)}true`, 'more than 32 of ! and - stand in a row. Remove pairs of them.'],
    [`${'-'.repeat(33)}1 == 1`, 'more than 32 of ! and - stand in a row'],
    [
      'row.DstPortNumber == 99999999999999999999',
      'column 22: 99999999999999999999 is no number of 64 bits, so nothing is equal to it. Write at most 9223372036854775807',
    ],
    ['row.EventCount == 9223372036854775808', 'is no number of 64 bits'],
    [
      `[${'1,'.repeat(100)}1].exists(a, [${'1,'.repeat(99)}1].exists(b, a == b))`,
      'the lists of the calls inside each other have 10100 pairs of items; at most 10000 are allowed',
    ],
    ['record["L"].exists(a, (record["L"] + record["L"]).all(b, a == b))', 'have 20000 pairs of items'],
    [`${'1+'.repeat(21)}1 == 1`, 'column 1: the expression has 21 of +; at most 20 are allowed'],
    ['row.DstIpAddr.exists(x, x == "a")', 'exists goes through a list, and this is string'],
    ['[1].exists(x, x)', 'exists needs a condition, and this is int. Compare it, as in x == 1'],
    ['[1].all(1, true)', 'all needs a name for the item, as in value.all(x, x == 1)'],
    ['"abc', 'Unterminated string. Close it with the same quote.'],
    ['rows.DstIpAddr == "a"', 'rows is unknown. An expression has row, record'],
    ['has(row.DstIpAddr)', 'has is no function of a rule. Write row.DstIpAddr != null.'],
    ['row.DstIpAddr.split(".").size() == 4', 'split is no function of a rule. docs/rules.md lists the functions.'],
    ['row.DstIpAddr.matchs("a")', 'matchs is no function of a rule. Did you mean matches?'],
    ['matches(row.DstIpAddr, "a")', 'matches is called as value.matches(...)'],
    ['row.DstIpAddr.inCidr("10.0.0.0/8")', 'inCidr is called as inCidr(value, ...)'],
    [
      'row.DstIpAddr.matches(row.SrcIpAddr)',
      'matches: the last value must be a text in quotes; it cannot come from row or record',
    ],
    ['row.DstIpAddr.matches("(a")', 'column 23: matches: error parsing regexp: missing closing )'],
    ['row.DstIpAddr.matches("(?=a)")', 'RE2, which has no look-ahead'],
    [`row.DstIpAddr.matches("${'a'.repeat(501)}")`, 'the pattern has 501 characters; at most 500 are allowed'],
    ['row.DstIpAddr.matches("((a{10}){10}){10}[a-z]{1000}")', 'instructions; at most 1000 are allowed'],
    ['inCidr(row.DstIpAddr, "10.0.0.0/33")', '"10.0.0.0/33" is no address range'],
    ['inCidr(row.DstPortNumber, "10.0.0.0/8")', 'inCidr looks at a text, and this is int'],
    ['inDomain(row.DstDomainHostname, "*.example.com")', '"*.example.com" is no domain'],
    [
      '[1].exists(a, [1].exists(b, [1].exists(c, c == a)))',
      'more than 2 of exists, all and exists_one are inside each other',
    ],
    ['[1].exists(row, row == 1)', 'the name row is taken'],
    [`${'('.repeat(40)}true${')'.repeat(40)}`, 'more than 32 parts are inside each other. Make two rules of it.'],
    [`${'!'.repeat(1500)}true`, 'the expression has more than 1000 parts. Make two rules of it'],
    [`[${'1,'.repeat(600)}1] == [1]`, 'the list has more than 500 items. Make two lists of it'],
    [`true${' '.repeat(2000)}`, 'the expression has 2004 characters; at most 2000 are allowed'],
    ['row[record.DeviceName] == "a"', 'a column is named by a constant: row.Name'],
    ['row["__proto__"] == 1', 'row has no column __proto__'],
    [['row.EventCount == 1 &&', '  row.Nothing == 2'], 'line 2, column 3: row has no column Nothing'],
  ])('%j', (when, problem) => {
    const problems = problemsOf(when);
    expect(problems[0]).toContain('rule "r", line ');
    expect(problems.join('\n')).toContain(problem);
  });

  test('all unknown names of an expression are told together', () => {
    expect(problemsOf('row.Aaaaa == 1 || record.Bbbbb == 2 || ccccc == 3')).toHaveLength(3);
  });
});

const operand = fc.constantFrom(
  'row.DstPortNumber',
  'row.DstIpAddr',
  'row.EventCount',
  'record.RemoteIP',
  'record["X"]',
  'record.AdditionalFields',
  'null',
  '1',
  '0',
  '"a"',
  '1.5',
  '[1]',
  'record["X"].y',
);
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    operand,
    fc
      .tuple(
        tie('expression'),
        fc.constantFrom('==', '!=', '<', '>', '+', '-', '*', '/', '%', '&&', '||', 'in'),
        tie('expression'),
      )
      .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
    tie('expression').map((a) => `!(${a})`),
    fc
      .tuple(
        operand,
        fc.constantFrom('startsWith("a")', 'matches("a+")', 'size()', 'lowerAscii()', 'exists(x, x == 1)'),
      )
      .map(([a, call]) => `${a}.${call}`),
    operand.map((a) => `inCidr(${a}, "10.0.0.0/8")`),
    fc.tuple(tie('expression'), tie('expression'), tie('expression')).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
  ),
}));

test('an expression of any kind is rejected at the start or decides every record; the books balance', async () => {
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(expression, fc.jsonValue(), async (when, X) => {
      const whole = `(${when}) == true`;
      if (problemsOf(whole).length > 0) return;
      accepted++;
      const { tally, rows } = await ruled(rulesOf({ when: whole }), { X }, web);
      expect(tally.dropped + rows.length).toBe(2);
      expect(balances({ ...tally, sent: rows.length })).toBe(true);
    }),
    { numRuns: 500 },
  );
  expect(accepted).toBeGreaterThan(20);
});

test('any text as an expression is accepted or rejected with a reason', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), expression), (when) => {
      // A reason, and a sentence that says what to do.
      for (const problem of problemsOf(when))
        expect(problem).toMatch(/^rule "r"(?:, line \d+, column \d+)?: [^]+[.:;] [^]+/);
    }),
    { numRuns: 500 },
  );
});
