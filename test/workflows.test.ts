import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import manifest from '../package.json';
import { isObject } from '../shared/json';
import { root } from './programs';

function textsIn(folder: string, end: string): [file: string, text: string][] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => name.endsWith(end)).map((name) => join(folder, name));
  return files.map((file) => [file, readFileSync(join(root, file), 'utf8')]);
}

const workflows = textsIn('.github/workflows', '.yml');

test.each(textsIn('.github', '.yml'))('%s is YAML, an object', (_, text) => {
  const value: unknown = parse(text);
  expect(isObject(value)).toBe(true);
});

test.each(workflows)('%s gives every job rights by name, and pins every action by commit', (_, text) => {
  const value: unknown = parse(text);
  expect(value).toMatchObject({ permissions: { contents: 'read' } });
  const used = Array.from(text.matchAll(/^\s*-? *uses: (.*)$/gm), ([, action = '']) => action);
  expect(used.length).toBeGreaterThan(0);
  expect(used.filter((action) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action))).toEqual([]);
});

test('the scripts that workflows, editor and dev container run are in package.json', () => {
  const others = [...textsIn('.vscode', '.json'), ...textsIn('.devcontainer', '.json')];
  const named = [...workflows, ...others].flatMap(([, text]) =>
    Array.from(
      text.matchAll(/npm run (?:-s )?([\w:-]+)|"script": "([\w:-]+)"/g),
      ([, run, script]) => run ?? script ?? '',
    ),
  );
  expect(named).toContain('watch');
  expect(named).toContain('package');
  expect(named.filter((name) => !(name in manifest.scripts))).toEqual([]);
  for (const [, text] of others) expect(() => JSON.parse(text) as unknown).not.toThrow();
});
