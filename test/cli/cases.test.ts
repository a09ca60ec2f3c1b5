import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differences } from '../../cli/cases/differences';
import { rewritten } from '../../cli/cases/rewrite';
import type { Outcome } from '../outcome';
import { programOf, root } from '../programs';

const none: Outcome = { rows: [], skipped: [], dead: [] };

function sending(bytes: bigint): Outcome {
  return { ...none, rows: [{ SrcBytes: bytes }] };
}

function caseText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

describe('the differences of a case', () => {
  test('are told by column, also inside AdditionalFields, old before new', () => {
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

  test('tell numbers past 2^53 exactly', () => {
    expect(differences(sending(9007199254740993n), sending(9007199254740992n))).toEqual([
      'SrcBytes: 9007199254740993 -> 9007199254740992',
    ]);
  });

  test('tell a row that came or went, and where records went instead', () => {
    expect(differences({ ...none, rows: [{ a: 1 }] }, { ...none, skipped: ['DeviceInfo'] })).toEqual([
      'the row: {"a":1} -> absent',
      'skipped: none -> DeviceInfo',
    ]);
    expect(differences({ ...none, rows: [{ a: 1 }, { a: 2 }] }, { ...none, rows: [{ a: 1 }, { a: 3 }] })).toEqual([
      'row 2.a: 2 -> 3',
    ]);
  });
});

describe('a rewritten case', () => {
  test('keeps all but the expectation, and the order of the keys that stay', () => {
    const text = caseText({ note: 'n', input: { z: 1, a: 2 }, expected: { b: 1, gone: 1, a: { y: 1, x: 2 } } });
    const rows = [{ a: { x: 3, new: 4, y: 1 }, added: 5, b: 1 }];
    expect(rewritten(text, { ...none, rows })).toBe(
      caseText({ note: 'n', input: { z: 1, a: 2 }, expected: { b: 1, a: { y: 1, x: 3, new: 4 }, added: 5 } }),
    );
  });

  test('puts a row that needs exact numbers into expectedText, in the place of expected', () => {
    const text = caseText({ note: 'n', expected: { a: 1, b: 2 }, spec: [] });
    expect(rewritten(text, { ...none, rows: [{ b: 9007199254740993n, a: 1 }] })).toBe(
      caseText({ note: 'n', expectedText: '{"a":1,"b":9007199254740993}', spec: [] }),
    );
  });

  test('changes between rows, skipped and dead', () => {
    const text = caseText({ note: 'n', dead: 'NoCategory' });
    const rows = [{ a: 1 }, { a: 2 }];
    expect(rewritten(text, { rows, skipped: ['DeviceInfo'], dead: [] })).toBe(
      caseText({ note: 'n', expectedRows: rows, skipped: 'DeviceInfo' }),
    );
  });

  test('is refused for a file in another format, which would change more than the expectation', () => {
    expect(() => rewritten('{"note":"n"}', none)).toThrow(/rewrite its expectation by hand/);
  });
});

describe('npm run cases', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cases-'));
    await cp(join(root, 'test', 'cases', 'captured'), join(folder, 'captured'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function cases(...args: string[]): Promise<{ code: number; stdout: string }> {
    return new Promise((done) => {
      const command = [programOf('cases'), '--folder', folder, ...args];
      execFile(process.execPath, command, { cwd: root }, (error, stdout) => {
        done({ code: typeof error?.code === 'number' ? error.code : 0, stdout });
      });
    });
  }

  test('shows a changed expectation, fails, and --write brings the file back byte by byte', async () => {
    const path = join(folder, 'captured', 'connection-success.json');
    const original = await readFile(path, 'utf8');
    await writeFile(path, original.replace('"NetworkDirection": "Outbound"', '"NetworkDirection": "Inbound"'));
    expect(await cases()).toEqual({
      code: 1,
      stdout: expect.stringContaining(
        'captured/connection-success\n  NetworkDirection: "Inbound" -> "Outbound"\n1 of ',
      ) as unknown,
    });
    expect((await cases('--write')).code).toBe(0);
    expect(await readFile(path, 'utf8')).toBe(original);
    expect((await cases()).stdout).toMatch(/no difference/);
  });
});
