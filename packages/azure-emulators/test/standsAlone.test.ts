import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const source = resolve(__dirname, '..', 'src');
const files = new Set(
  readdirSync(source, { recursive: true, encoding: 'utf8' }).flatMap((name) =>
    name.endsWith('.ts') ? [join(source, name)] : [],
  ),
);

/** The files of the package that a file imports, also for types alone. */
function importsOf(file: string): string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/ from '(\.[^']*)'/g), ([, path = '']) => {
    const target = resolve(file, '..', path);
    const found = [`${target}.ts`, join(target, 'index.ts')].find((candidate) => files.has(candidate));
    if (found === undefined) throw new Error(`${file} imports ${path}, which is no file of this package.`);
    return found;
  });
}

test('no file of the package imports itself, directly or through others', () => {
  const imports = new Map([...files].map((file) => [file, importsOf(file)]));
  expect(imports.size).toBeGreaterThan(50);
  const settled = new Set<string>();
  const cycles: string[][] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      cycles.push([...path.slice(path.indexOf(file)), file].map((each) => relative(source, each)));
    if (path.includes(file) || settled.has(file)) return;
    for (const next of imports.get(file) ?? []) visit(next, [...path, file]);
    settled.add(file);
  };
  for (const file of files) visit(file, []);
  expect(cycles).toEqual([]);
});
