import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { differences } from '../../../scripts/cases/caseDifferences';
import { type Case, caseOf, readBaseFiles, readCases } from '../../../scripts/cases/caseFiles';
import { outcomeOf, readCase } from '../../../scripts/cases/caseOutcome';

const connection = {
  note: 'One record, one row.',
  input: { category: 'T', properties: { Port: 1, Name: 'a', List: [1, 2] }, Tenant: 'x' },
  expected: { DstPortNumber: 1, Fields: { Name: 'a', Port: 1 } },
};

const pair = {
  note: 'Two records, two rows.',
  input: { records: [{ a: 1 }, { a: 2 }] },
  expectedRows: [{ A: 1 }, { A: 2 }],
};

describe('a case', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cases-'));
    write('bases/connection', connection);
    write('bases/pair', pair);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(name: string, content: object | string): void {
    const path = join(folder, `${name}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  }

  function read(content: object | string): Case {
    write('group/one', content);
    const [only, ...more] = readCases(folder);
    if (only === undefined || more.length > 0) throw new Error('not one case');
    return only;
  }

  test('without a base is whole, and bases are no cases', () => {
    const input = { category: 'T', properties: {} };
    expect(read({ note: 'n', spec: ['1', '2'], table: 'T', settings: { A: 'b' }, input, dead: 'NoCategory' })).toEqual({
      name: 'group/one',
      note: 'n',
      spec: ['1', '2'],
      settings: { A: 'b' },
      table: 'T',
      message: '{"category":"T","properties":{}}',
      rows: [],
      skipped: [],
      dead: ['NoCategory'],
    });
  });

  test('with a base and no changes has the message and the row of the base', () => {
    const one = read({ note: 'n', base: 'connection' });
    expect(one.note).toBe('n');
    expect(one.message).toBe('{"category":"T","properties":{"Port":1,"Name":"a","List":[1,2]},"Tenant":"x"}');
    expect(one.rows).toEqual([{ DstPortNumber: 1, Fields: { Name: 'a', Port: 1 } }]);
  });

  test('changes the properties of the record, the whole message and the row by merge patches', () => {
    const one = read({
      note: 'n',
      base: 'connection',
      properties: { Port: 2, Name: null, Url: 'u' },
      inputPatch: { Tenant: null, time: 't' },
      expectedPatch: { DstPortNumber: 2, Fields: { Name: null, Url: 'u' } },
    });
    expect(one.message).toBe('{"category":"T","properties":{"Port":2,"List":[1,2],"Url":"u"},"time":"t"}');
    expect(one.rows).toEqual([{ DstPortNumber: 2, Fields: { Port: 1, Url: 'u' } }]);
  });

  test('changes by operations what no merge patch can express: a null, an element', () => {
    const one = read({
      note: 'n',
      base: 'connection',
      inputOperations: [
        { op: 'replace', path: '/properties/Name', value: null },
        { op: 'remove', path: '/properties/List/0' },
      ],
      expectedPatch: { DstPortNumber: 3 },
      expectedOperations: [{ op: 'replace', path: '/Fields/Name', value: null }],
    });
    expect(one.message).toBe('{"category":"T","properties":{"Port":1,"Name":null,"List":[2]},"Tenant":"x"}');
    expect(one.rows).toEqual([{ DstPortNumber: 3, Fields: { Name: null, Port: 1 } }]);
  });

  test('changes one of several rows by operations', () => {
    const one = read({
      note: 'n',
      base: 'pair',
      inputOperations: [{ op: 'remove', path: '/records/0' }],
      expectedOperations: [
        { op: 'remove', path: '/0' },
        { op: 'add', path: '/0/B', value: 3 },
      ],
    });
    expect(one.message).toBe('{"records":[{"a":2}]}');
    expect(one.rows).toEqual([{ A: 2, B: 3 }]);
  });

  test('may have its message whole and use or change the rows of the base', () => {
    const one = read({ note: 'n', base: 'pair', inputText: '{"a":1}\n{"a":2}', dead: ['InvalidJson'] });
    expect(one.message).toBe('{"a":1}\n{"a":2}');
    expect(one.rows).toEqual([{ A: 1 }, { A: 2 }]);
    expect(one.dead).toEqual(['InvalidJson']);
  });

  test('may change the message of the base and have its rows whole', () => {
    const one = read({ note: 'n', base: 'connection', properties: { Port: 0 }, expectedRows: [], skipped: 'T' });
    expect(one.rows).toEqual([]);
    expect(one.skipped).toEqual(['T']);
  });

  test('keeps integers past 2^53 exact, in the message and in the row', () => {
    const one = read(
      '{"note":"n","base":"connection","properties":{"Port":9007199254740993},"expectedPatch":{"B":9007199254740993}}',
    );
    expect(one.message).toContain('"Port":9007199254740993,');
    expect(one.rows).toEqual([{ DstPortNumber: 1, Fields: { Name: 'a', Port: 1 }, B: 9007199254740993n }]);
  });

  test.each([
    [
      'a base that is missing',
      { base: 'conection' },
      'there is no base "conection" in bases/; the bases are: connection, pair',
    ],
    ['an unknown key', { base: 'pair', inputPach: {} }, '"inputPach" is no key of a case; the keys are: note, spec,'],
    ['a change of nothing', { properties: {} }, 'properties changes a base, but the case names none'],
    ['two messages', { base: 'pair', input: {}, inputPatch: {} }, 'input and inputPatch exclude each other'],
    ['two expectations', { expected: {}, expectedText: '{}' }, 'expected and expectedText exclude each other'],
    ['a merge patch for several rows', { base: 'pair', expectedPatch: { A: 2 } }, 'the base has several rows'],
    ['no operations', { base: 'pair', expectedOperations: {} }, 'expectedOperations is an array of operations'],
    [
      'an operation on a path that does not exist',
      { base: 'connection', inputOperations: [{ op: 'remove', path: '/properties/Prt' }] },
      'remove /properties/Prt: there is no "Prt"',
    ],
  ])('with %s is an error that names the file and what is wrong', (_, content, message) => {
    expect(() => read({ note: 'n', ...content })).toThrow(`group/one.json: ${message}`);
  });

  test('that is not JSON, not an object or has no note is an error that names the file', () => {
    expect(() => read('{')).toThrow(/^group\/one\.json: .*JSON/);
    expect(() => read('[]')).toThrow('group/one.json: a case is a JSON object');
    expect(() => read({ input: {} })).toThrow('group/one.json: a case needs note as text');
  });

  test('is based on one base: a base has neither a base nor settings nor a table', () => {
    write('bases/odd', { ...connection, settings: { A: 'b' } });
    expect(() => read({ note: 'n', base: 'odd' })).toThrow('bases/odd.json: a base has no settings');
    write('bases/odd', { note: 'n', base: 'connection' });
    expect(() => read({ note: 'n', base: 'odd' })).toThrow('bases/odd.json: there is no base "connection"');
  });
});

describe('every base', () => {
  for (const base of readBaseFiles().map(caseOf)) {
    test(`${base.name} maps to the rows that stand beside its message: ${base.note}`, () => {
      expect(differences(base, outcomeOf(readCase(base)))).toEqual([]);
    });
  }
});
