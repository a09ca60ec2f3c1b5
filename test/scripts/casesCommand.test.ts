import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { differences } from '../../scripts/cases/caseDifferences';
import type { CaseOutcome } from '../../scripts/cases/caseFiles';
import { applyOperations, mergePatch } from '../../scripts/cases/jsonPatch';
import { changeOf } from '../../scripts/cases/patchBetween';
import { rewritten } from '../../scripts/cases/rewriteCase';
import { type JsonObject, parseJson } from '../../shared/json';
import { programOf, root } from '../programs';

const none: CaseOutcome = { rows: [], skipped: [], dead: [] };

function sending(bytes: bigint): CaseOutcome {
  return { ...none, rows: [{ SrcBytes: bytes }] };
}

describe('the differences of a case', () => {
  test('are listed by column, also inside AdditionalFields, old before new', () => {
    const expected = {
      ...none,
      rows: [{ SrcIpAddr: '10.0.0.1', DvcAction: 'Deny', AdditionalFields: { Detail: { a: 1, b: 2 } } }],
    };
    const now = {
      ...none,
      rows: [{ SrcIpAddr: '10.0.0.2', EventCount: 1, AdditionalFields: { Detail: { a: 1, b: 3 } } }],
    };
    expect(differences(expected, now)).toEqual([
      'SrcIpAddr: "10.0.0.1" -> "10.0.0.2"',
      'DvcAction: "Deny" -> absent',
      'AdditionalFields.Detail.b: 2 -> 3',
      'EventCount: absent -> 1',
    ]);
  });

  test('show numbers above 2^53 exactly', () => {
    expect(differences(sending(9007199254740993n), sending(9007199254740992n))).toEqual([
      'SrcBytes: 9007199254740993 -> 9007199254740992',
    ]);
  });

  test('show an added or removed row, and what became of the record instead', () => {
    expect(differences({ ...none, rows: [{ a: 1 }] }, { ...none, skipped: ['DeviceInfo'] })).toEqual([
      'the row: {"a":1} -> absent',
      'skipped: none -> DeviceInfo',
    ]);
    expect(differences({ ...none, rows: [{ a: 1 }, { a: 2 }] }, { ...none, rows: [{ a: 1 }, { a: 3 }] })).toEqual([
      'row 2.a: 2 -> 3',
    ]);
  });
});

/** A case of one key a line. */
function caseText(...lines: string[]): string {
  return `{\n${lines.map((line) => `  ${line}`).join(',\n')}\n}\n`;
}

describe('a rewritten case', () => {
  test('keeps everything but the expectation, and the order of the remaining keys', () => {
    const input = '"input": { "z": 1, "a": 2 }';
    const text = caseText('"note": "n"', input, '"expected": { "b": 1, "gone": 1, "a": { "y": 1, "x": 2 } }');
    const rows = [{ a: { x: 3, new: 4, y: 1 }, added: 5, b: 1 }];
    expect(rewritten(text, { ...none, rows })).toBe(
      caseText('"note": "n"', input, '"expected": { "b": 1, "a": { "y": 1, "x": 3, "new": 4 }, "added": 5 }'),
    );
  });

  test('writes numbers above 2^53 exactly, and stays text where it was text', () => {
    const rows = [{ b: 9007199254740993n, a: 1 }];
    expect(rewritten(caseText('"expected": { "a": 1, "b": 2 }', '"spec": []'), { ...none, rows })).toBe(
      caseText('"expected": { "a": 1, "b": 9007199254740993 }', '"spec": []'),
    );
    expect(rewritten(caseText('"expectedText": "{\\"a\\":1}"'), { ...none, rows })).toBe(
      caseText('"expectedText": "{\\"a\\":1,\\"b\\":9007199254740993}"'),
    );
  });

  test('changes between rows, skipped and dead', () => {
    const rows = [{ a: 1 }, { a: 2 }];
    expect(
      rewritten(caseText('"note": "n"', '"dead": "NoCategory"'), { rows, skipped: ['DeviceInfo'], dead: [] }),
    ).toBe(caseText('"note": "n"', '"expectedRows": [{ "a": 1 }, { "a": 2 }]', '"skipped": "DeviceInfo"'));
  });

  test('may have any layout; it is rejected when a number, a text or a key would change', () => {
    expect(rewritten('{"note":\r\n"a \\" b"}', none)).toBe(caseText('"note": "a \\" b"'));
    for (const text of ['{"a":1.0}', '{"a":"\\u0041"}', '{"a":1,"a":2}', '[]']) {
      expect(() => rewritten(text, none)).toThrow(/rewrite its expectation by hand/);
    }
  });
});

describe('a rewritten case that changes a base', () => {
  const base = {
    note: 'b',
    input: {},
    expected: { A: 1, B: 2, Fields: { x: 1, list: ['a'.repeat(200), 'b'] } },
  };
  const head = ['"note": "n"', '"base": "b"', '"properties": { "p": null }'];

  function changedTo(row: JsonObject, ...old: string[]): string {
    return rewritten(caseText(...head, ...old), { ...none, rows: [row] }, base);
  }

  test('holds only what differs from the base: other values, null for removed ones', () => {
    const { A, Fields } = base.expected;
    expect(changedTo({ A, Fields: { ...Fields, x: 2, y: '3' } })).toBe(
      caseText(...head, '"expectedPatch": { "B": null, "Fields": { "x": 2, "y": "3" } }'),
    );
  });

  test('keeps the position and the order of its change', () => {
    const text = caseText('"expectedPatch": { "B": 3, "Gone": 1, "A": 3 }', '"base": "b"');
    const rows = [{ ...base.expected, A: 4, B: 5, C: 6 }];
    expect(rewritten(text, { ...none, rows }, base)).toBe(
      caseText('"expectedPatch": { "B": 5, "A": 4, "C": 6 }', '"base": "b"'),
    );
  });

  test('leaves out rows that equal those of the base', () => {
    expect(changedTo(base.expected, '"expectedPatch": { "A": 3 }')).toBe(caseText(...head));
    expect(changedTo(base.expected, '"expectedRows": []')).toBe(caseText(...head));
  });

  test('uses operations for what no merge patch can express: a null, and one element of an array', () => {
    const list = ['a'.repeat(200), 'c', 'd'];
    expect(changedTo({ ...base.expected, B: null, 'N/a': { deep: null }, Fields: { x: 1, list } })).toBe(
      caseText(
        ...head,
        `"expectedOperations": [
    { "op": "add", "path": "/N~1a", "value": { "deep": null } }, { "op": "replace", "path": "/B", "value": null },
    { "op": "replace", "path": "/Fields/list/1", "value": "c" },
    { "op": "add", "path": "/Fields/list/-", "value": "d" }
  ]`,
      ),
    );
  });

  test('removes one element from the middle of an array by one operation', () => {
    const old = { Fields: { list: ['a'.repeat(40), 'b'.repeat(40), 9007199254740993n, 9007199254740995n] } };
    const list = ['a'.repeat(40), 9007199254740993n, 9007199254740995n];
    expect(changeOf(old, { Fields: { list } })).toEqual({
      patch: {},
      operations: [{ op: 'remove', path: '/Fields/list/1' }],
    });
  });

  test('writes a short array whole instead of operations', () => {
    expect(changedTo({ ...base.expected, Fields: { x: 1, list: [1] } })).toBe(
      caseText(...head, '"expectedPatch": { "Fields": { "list": [1] } }'),
    );
  });

  test('stays whole where it had its rows whole', () => {
    expect(changedTo({ ...base.expected, A: 2, Fields: {} }, '"expected": { "A": 1 }')).toBe(
      caseText(...head, '"expected": { "A": 2, "B": 2, "Fields": {} }'),
    );
  });

  test('without a row says so', () => {
    expect(rewritten(caseText(...head, '"expectedPatch": { "A": 3 }'), { ...none, skipped: ['T'] }, base)).toBe(
      caseText(...head, '"expectedRows": []', '"skipped": "T"'),
    );
  });

  test('changes several rows by operations', () => {
    const pair = { note: 'b', input: {}, expectedRows: [{ A: 1 }, { A: 2 }, { A: 3 }] };
    const rows = [{ A: 1 }, { A: 4 }];
    expect(rewritten(caseText('"base": "b"'), { ...none, rows }, pair)).toBe(
      caseText(
        '"base": "b"',
        '"expectedOperations": [{ "op": "replace", "path": "/1/A", "value": 4 }, { "op": "remove", "path": "/2" }]',
      ),
    );
  });

  test('lists skipped and dead-lettered records only where they differ from the base', () => {
    const skips = { note: 'b', input: {}, skipped: ['S', 'T'] };
    expect(rewritten(caseText('"base": "b"'), { ...none, skipped: ['S', 'T'] }, skips)).toBe(caseText('"base": "b"'));
    expect(rewritten(caseText('"base": "b"'), { ...none, skipped: ['S'] }, skips)).toBe(
      caseText('"base": "b"', '"skipped": "S"'),
    );
    expect(rewritten(caseText('"base": "b"'), { ...none, rows: [{ A: 1 }] }, skips)).toBe(
      caseText('"base": "b"', '"expected": { "A": 1 }', '"skipped": []'),
    );
  });
});

describe('a change', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => parseJson(JSON.stringify(value)));
  const object = fc.dictionary(fc.string(), json);

  test('from any object to any other gives the other when it is applied', () => {
    fc.assert(
      fc.property(object, object, (old, now) => {
        const { patch, operations } = changeOf(old, now);
        expect(applyOperations(mergePatch(old, patch), operations)).toEqual(now);
      }),
    );
  });
});

describe('npm run cases', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cases-'));
    for (const group of ['bases', 'captured']) {
      await cp(join(root, 'test', 'cases', group), join(folder, group), { recursive: true });
    }
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function cases(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return new Promise((done) => {
      const command = [programOf('cases'), '--folder', folder, ...args];
      execFile(process.execPath, command, { cwd: root }, (error, stdout, stderr) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  /** Puts another value of a column into the expectation of a case. Its path and the text it had. */
  async function spoilt(name: string, old: string, other: string): Promise<{ path: string; original: string }> {
    const path = join(folder, `${name}.json`);
    const original = await readFile(path, 'utf8');
    expect(original).toContain(old);
    await writeFile(path, original.replace(old, other));
    return { path, original };
  }

  test.each([
    ['whole', 'captured/connection-success', '"NetworkDirection": "Inbound" -> "Outbound"'],
    ['a change of a base', 'captured/ssl-connection-inspected', '"EventOriginalUid": "x" -> "38952"'],
  ])(
    'shows the changed expectation of a case that is %s; --write brings it back byte by byte',
    async (_, name, line) => {
      const [column = '', other, old] = line.split(/: | -> /);
      const { path, original } = await spoilt(name, `${column}: ${old}`, `${column}: ${other}`);
      expect(await cases()).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(`${name}\n  ${line.replaceAll(column, column.slice(1, -1))}\n1 of `) as unknown,
      });
      expect((await cases('--write')).code).toBe(0);
      expect(await readFile(path, 'utf8')).toBe(original);
      expect((await cases()).stdout).toMatch(/no difference/);
    },
  );

  test('shows a changed base and the cases on it; --write brings the base back and leaves those cases as they are', async () => {
    const { path, original } = await spoilt(
      'bases/captured-ssh',
      '"NetworkDirection": "Outbound"',
      '"NetworkDirection": "Inbound"',
    );
    const change = join(folder, 'captured', 'ssh-connection-inspected.json');
    const changeText = await readFile(change, 'utf8');
    const { code, stdout } = await cases('--write');
    expect(code).toBe(0);
    for (const name of ['bases/captured-ssh', 'captured/ssh-connection-inspected']) {
      expect(stdout).toContain(`${name}\n  NetworkDirection: "Inbound" -> "Outbound"\n`);
    }
    expect(await readFile(path, 'utf8')).toBe(original);
    expect(await readFile(change, 'utf8')).toBe(changeText);
  });

  test('--print prints a case with base and changes applied, one value per line', async () => {
    await writeFile(
      join(folder, 'bases', 'small.json'),
      '{"note":"b","input":{"properties":{"a":1,"b":2,"list":[]}},"expected":{"A":1,"B":{"x":1}}}',
    );
    await writeFile(
      join(folder, 'captured', 'small.json'),
      '{"note":"n","spec":["1"],"base":"small","properties":{"a":null},"expectedPatch":{"A":9007199254740993}}',
    );
    expect(await cases('--print', 'test/cases/captured/small.json')).toMatchObject({
      code: 0,
      stdout: `{
  "note": "n",
  "spec": [
    "1"
  ],
  "input": {
    "properties": {
      "b": 2,
      "list": []
    }
  },
  "expected": {
    "A": 9007199254740993,
    "B": {
      "x": 1
    }
  }
}
`,
    });
    expect(await cases('--print', 'captured/smal')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('there is no case "captured/smal"') as unknown,
    });
  });

  test('a missing base is an error that names the file and the existing bases', async () => {
    await writeFile(join(folder, 'captured', 'small.json'), '{"note":"n","base":"smal"}');
    expect(await cases()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^captured\/small\.json: there is no base "smal" in bases\/; the bases are: .*legacy/,
      ) as unknown,
    });
  });
});
