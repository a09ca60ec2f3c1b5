import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../programs';

/** What each file of some folders imports from these folders, types included. */
function importsOf(...folders: readonly string[]): Map<string, string[]> {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return new Map(
    files.map((file) => {
      const named = readFileSync(join(root, file), 'utf8').matchAll(/(?:from |import\()'(\.[^']+)'/g);
      const targets = Array.from(named, ([, path = '']) => `${relative(root, join(root, dirname(file), path))}.ts`);
      return [file, targets.filter((target) => files.includes(target))];
    }),
  );
}

/** Everything that can be reached from a node of a graph, itself only through a cycle. */
function reachable(graph: ReadonlyMap<string, readonly string[]>, from: string): Set<string> {
  const found = new Set<string>();
  const waiting = [...(graph.get(from) ?? [])];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(graph.get(next) ?? []));
  }
  return found;
}

function cyclic(graph: ReadonlyMap<string, readonly string[]>): string[] {
  return [...graph.keys()].filter((node) => reachable(graph, node).has(node));
}

const files = importsOf('cli', 'scripts');

test('no file of cli and scripts imports itself through others, types included', () => {
  expect(files.size).toBeGreaterThan(100);
  expect(cyclic(files)).toEqual([]);
});

test('no folder of cli and scripts imports itself through others', () => {
  const folders = new Map<string, string[]>();
  for (const [file, targets] of files) {
    const folder = dirname(file);
    const others = targets.map((target) => dirname(target)).filter((other) => other !== folder);
    folders.set(folder, [...(folders.get(folder) ?? []), ...others]);
  }
  expect(cyclic(folders)).toEqual([]);
});
