import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json';
import { bundle, removeFolders, writeApp } from './host/kit/fixture';

const run = promisify(execFile);
const readme = readFileSync(resolve(__dirname, '..', 'README.md'), 'utf8');
const examples = Array.from(readme.matchAll(/^### (.+)$|^```js\n([^]*?)^```$/gm)).reduce<[string, string][]>(
  (found, [, title, code]) => {
    if (code !== undefined) found.push([found.at(-1)?.[0] ?? '', code]);
    else if (title !== undefined) found.push([title, '']);
    return found;
  },
  [],
);

let folder: string;

beforeAll(() => {
  folder = writeApp({
    'app/host.json': { version: '2.0', extensionBundle: bundle },
    'app/package.json': { main: 'main.js' },
    'app/main.js': `require('@azure/functions').app.eventHub('flows', {
      connection: 'EventHub', eventHubName: 'flows', cardinality: 'many', dataType: 'binary', handler() {} });
      console.log('loaded');`,
  });
});
afterAll(removeFolders);

let programs = 0;

/** Runs a program as a user of the package does; resolves with what it printed, rejects unless it ends well. */
async function output(program: string): Promise<string> {
  const file = `program${++programs}.mjs`;
  writeFileSync(join(folder, file), program);
  return (await run(process.execPath, ['--import', 'tsx', file], { cwd: folder })).stdout;
}

test.each(examples.filter(([, code]) => code !== ''))('the example of %s runs', async (_, code) => {
  expect(await output(code)).not.toBe('');
});

test('each export is in the README, with names that it gives', async () => {
  const rows = Array.from(readme.matchAll(/^\| `(azure-emulators\/[^`]+)` \| (.+) \|$/gm));
  expect(rows.map(([, path = '']) => path.replace('azure-emulators', '.')).toSorted()).toEqual(
    Object.keys(manifest.exports).toSorted(),
  );
  const named = rows.map(([, path, gives = '']) => [
    path,
    Array.from(gives.matchAll(/`(\w+)`/g), ([, name = '']) => name),
  ]);
  const missing = await output(`
    for (const [path, names] of ${JSON.stringify(named)}) {
      const given = await import(path);
      for (const name of names) if (given[name] === undefined) console.log(path, name);
    }
    console.log('checked');`);
  expect(missing).toBe('checked\n');
});

test('the README names files that are there', () => {
  const linked = Array.from(readme.matchAll(/\]\((?!https?:|#)([^)#]+)/g), ([, path = '']) => path);
  expect(linked).toContain('BEHAVIOURS.md');
  for (const path of linked) expect(() => readFileSync(join(__dirname, '..', path))).not.toThrow();
});

test('each option is in the README', () => {
  const source = resolve(__dirname, '..', 'src');
  const files = ['eventhubs/eventHubsOptions', 'eventhubs/entra', 'ingestion/ingestionOptions', 'identity/index'];
  files.push('telemetry/index', 'host/functionsHost');
  const options = files.flatMap((file) => {
    const interfaces = readFileSync(join(source, `${file}.ts`), 'utf8').matchAll(
      /^export interface (?:\w*Options|Limits)\b[^]*?^\}/gm,
    );
    return [...interfaces].flatMap(([text]) => Array.from(text.matchAll(/^ {2}readonly (\w+)/gm), ([, name]) => name));
  });
  expect(options).toContain('retentionMs');
  const section = /^## Options$[^]*?(?=^## )/m.exec(readme)?.[0] ?? '';
  expect(options.filter((name) => !section.includes(`\`${name}\``))).toEqual([]);
});
