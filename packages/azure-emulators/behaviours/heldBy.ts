import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface HoldingTest {
  /** Below `test/`. */
  readonly file: string;
  readonly title: string;
}

const tests = resolve(__dirname, '..', 'test');
const literal = String.raw`(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|${'`(?:[^`\\\\]|\\\\.)*`'})`;
const call = new RegExp(String.raw`\bholds\(\s*(${literal}(?:\s*,\s*${literal})*)\s*,?\s*\)`, 'g');

/** The tests that hold each behaviour, by its id: every `holds('title', 'id', ...)` in the test files. */
export function readHoldingTests(): ReadonlyMap<string, readonly HoldingTest[]> {
  const held = new Map<string, HoldingTest[]>();
  for (const file of readdirSync(tests, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.test.ts')) continue;
    for (const [, given = ''] of readFileSync(join(tests, file), 'utf8').matchAll(call)) {
      const [title = '', ...ids] = Array.from(given.matchAll(new RegExp(literal, 'g')), ([text]) => valueOf(text));
      for (const id of ids) held.set(id, [...(held.get(id) ?? []), { file: file.replaceAll('\\', '/'), title }]);
    }
  }
  return held;
}

function valueOf(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}
