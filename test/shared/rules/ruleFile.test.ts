import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { loadPackagedRules, loadRules } from '../../../shared/rules/loadRules';
import { type ReadRules, readRules } from '../../../shared/rules/ruleFile';

function problemsIn(read: ReadRules): string {
  return read.kind === 'wrong' ? read.problems.join('\n') : 'none';
}

const fileOf = (...rules: readonly unknown[]): string => JSON.stringify({ rules });
const right = { name: 'r', action: 'drop', when: 'true' };

describe('a wrong file is told with what is wrong and what to do', () => {
  test.each([
    ['empty', '', 'the file is empty. Write { "rules"'],
    ['blank', ' \n', 'the file is empty'],
    ['no JSON', '{ "rules": [', 'the file is not JSON'],
    ['a list', '[]', 'expected { "rules": [ { "name": "...", "action": "count", "when": "..." } ] }; found a list'],
    ['rules that are no list', '{"rules":{}}', 'found an object without a list "rules"'],
    ['null', 'null', 'found null'],
    ['another key', '{"rules":[],"version":1}', 'unknown key "version" beside "rules". Remove it.'],
    [
      'a key twice',
      '{"rules":[{"name":"r","action":"drop","when":"true",\n"when":"false"}]}',
      'line 2: the key "when" stands twice in one object, and only one of them would count. Keep one.',
    ],
    ['a key twice with equal values', '{"rules":[],"rules":[]}', 'line 1: the key "rules" stands twice'],
    ['a key twice, once with an escape', '{"rules":[],"\\u0072ules":[]}', 'the key "rules" stands twice'],
    ['no object', fileOf(5), 'rule 1: expected an object; found a number'],
    ['a misspelt key', fileOf({ ...right, whenn: 'true' }), 'rule "r": unknown key "whenn". Did you mean when?'],
    ['no name', fileOf({ ...right, name: undefined }), 'rule 1: name: expected a text of 1 to 60 letters'],
    ['a name with a line break', fileOf({ ...right, name: 'a\nb' }), 'rule 1: name: expected'],
    [
      'a wrong action',
      fileOf({ ...right, action: 'delete' }),
      'rule "r": action: expected drop, count or sample; found "delete"',
    ],
    ['no expression', fileOf({ name: 'r', action: 'drop' }), 'rule "r": when: expected the expression'],
    ['an empty expression', fileOf({ ...right, when: ' ' }), 'rule "r": when: expected the expression'],
    [
      'a sample without a number',
      fileOf({ ...right, action: 'sample' }),
      'keepOneIn: expected a whole number from 2 to 1000000; for sample',
    ],
    ['a sample that keeps all', fileOf({ ...right, action: 'sample', keepOneIn: 1 }), 'keepOneIn: expected'],
    ['a number for drop', fileOf({ ...right, keepOneIn: 5 }), 'keepOneIn: expected'],
    ['equal names in any case', fileOf(right, { ...right, name: 'R' }), 'rule "R": rule 1 has the same name'],
    [
      'too many rules',
      fileOf(...Array.from({ length: 51 }, (_, i) => ({ ...right, name: `r${i}` }))),
      'the file has 51 rules; at most 50 are allowed',
    ],
    [
      'a wrong expression',
      fileOf({ ...right, when: ['true &&', ' row.X'] }),
      'rule "r", line 2, column 2: row has no column X',
    ],
  ])('%s', (_, text, problem) => {
    expect(problemsIn(readRules(text))).toContain(problem);
  });

  test('all problems of all rules together', () => {
    const read = readRules(
      fileOf(
        { ...right, name: 'a', when: 'row.X == 1' },
        { ...right, name: 'b', action: 'x' },
        { ...right, name: 'c', when: '1 ==' },
      ),
    );
    expect(read.kind === 'wrong' && read.problems.length).toBe(3);
  });
});

test('equal keys of different objects, braces in a text and equal texts in a list are no repeated key', () => {
  const text = `{"rules":[{"name":"a","action":"drop","when":["true","&& \\"{\\" != \\"}:\\""]},
    {"name":"b","action":"drop","when":["true","&& true","&& true"]}]}`;
  expect(problemsIn(readRules(text))).toBe('none');
});

test('a file may have no rules, and a rule several lines and what it gives up', () => {
  expect(readRules('{"rules":[]}').kind).toBe('rules');
  expect(readRules(fileOf({ ...right, when: ['true', '&& false'], givesUp: 'nothing' })).kind).toBe('rules');
});

test('any text and any JSON is read as rules or rejected with a reason', () => {
  const rule = fc.record(
    {
      name: fc.oneof(fc.string(), fc.jsonValue()),
      action: fc.oneof(fc.constant('drop'), fc.jsonValue()),
      when: fc.oneof(fc.constant('true'), fc.jsonValue()),
      keepOneIn: fc.jsonValue(),
      givesUp: fc.jsonValue(),
    },
    { requiredKeys: [] },
  );
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.oneof(rule, fc.jsonValue())).map((rules) => fileOf(...rules)),
  );
  fc.assert(
    fc.property(text, (one) => {
      const read = readRules(one);
      if (read.kind === 'wrong') expect(read.problems.length).toBeGreaterThan(0);
    }),
    { numRuns: 500 },
  );
});

describe('the file on the disk', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  const inside = mkdtempSync(join(resolve(__dirname, '../../..'), 'infra/rules/test-'));
  const packaged = (name: string): string => `infra/rules/${inside.slice(inside.lastIndexOf('test-'))}/${name}`;
  afterAll(() => {
    for (const made of [folder, inside]) rmSync(made, { recursive: true, force: true });
  });

  test('may begin with a byte order mark', () => {
    const file = join(folder, 'bom.json');
    writeFileSync(file, `\ufeff${fileOf(right)}`);
    expect(loadRules(file).kind).toBe('rules');
  });

  test('must be UTF-8', () => {
    const file = join(folder, 'latin.json');
    writeFileSync(file, Buffer.from([0x7b, 0xff, 0x7d]));
    expect(problemsIn(loadRules(file))).toContain('the file is not UTF-8: save it as UTF-8');
  });

  test('is no folder', () => {
    expect(problemsIn(loadRules(folder))).toContain('this is a folder; name a file in it');
  });

  test('is there', () => {
    expect(problemsIn(loadRules(join(folder, 'none.json')))).toContain(
      'there is no such file. The path begins at the current folder: docs/rules.md',
    );
    expect(problemsIn(loadPackagedRules('infra/rules/none.json'))).toContain(
      'there is no such file. The path begins at the folder of host.json, and the file must be deployed: docs/rules.md',
    );
  });

  test('is not too large', () => {
    const file = join(folder, 'large.json');
    writeFileSync(file, ' '.repeat(600_000));
    expect(problemsIn(loadRules(file))).toContain('the file has 600000 bytes; at most 524288 are allowed');
  });

  test('is inside the package, also behind a link', () => {
    writeFileSync(join(folder, 'outside.json'), fileOf(right));
    symlinkSync(join(folder, 'outside.json'), join(inside, 'link.json'));
    mkdirSync(join(inside, 'deep'));
    writeFileSync(join(inside, 'deep', 'own.json'), fileOf(right));
    expect(problemsIn(loadPackagedRules(packaged('link.json')))).toContain('the file is outside the package');
    expect(loadPackagedRules(packaged('deep/own.json')).kind).toBe('rules');
  });
});
