import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import { completeSettings } from '../../cli/bundle';
import { listing, pack } from '../../scripts/package';
import { bundledPackages, bundleMetafile } from '../../scripts/package/bundledPackages';
import { bundleSbom } from '../../scripts/package/bundleSbom';
import { licencesText } from '../../scripts/package/licences';
import { type Packed, zipOf } from '../../scripts/package/zip';
import { root } from '../programs';

let packed: Packed;
let zip: Buffer;
beforeAll(async () => {
  packed = await pack();
  zip = readFileSync(join(root, 'out', 'package.zip'));
});

const files = [
  'LICENSE',
  'THIRD-PARTY-LICENSES.txt',
  'dist/app.js',
  'dist/app.js.map',
  'dist/main.js',
  'dist/rules.js',
  'dist/rules.js.map',
  'dist/sdks.js',
  'dist/sdks.js.map',
  'host.json',
  'infra/rules/examples.json',
  'package.json',
];

test('the zip holds what is deployed, and the command lists it', () => {
  expect(Object.keys(unzipSync(zip)).toSorted()).toEqual(files);
  const listed = listing(packed).flatMap((line) => /^ *\d+ KiB {2}(\S+)$/.exec(line)?.[1] ?? []);
  expect(listed.toSorted()).toEqual(files);
});

test('the same sources give the same bytes, at any time and in any time zone', () => {
  expect(zipOf(join(root, 'out', 'package')).zip).toEqual(new Uint8Array(zip));
  // Time and date in the first header, as a zip writes them: 0:00 on the first day of the first month of 1980.
  expect([zip.readUInt16LE(10), zip.readUInt16LE(12)]).toEqual([0, 0b0000000_0001_00001]);
});

/** Runs in the unpacked folder: gives the app what the platform's worker provides, and loads the app and each SDK. */
const worker = `
  const Module = require('node:module');
  const registered = [];
  const core = {
    version: '3.10.0',
    setProgrammingModel() {},
    registerFunction: ({ name }) => registered.push(name),
    registerHook() {},
    log() {},
  };
  const own = Module.prototype.require;
  Module.prototype.require = function (id) {
    return id === '@azure/functions-core' ? core : own.call(this, id);
  };
  require('./' + require('./package.json').main);
  for (const load of Object.values(require('./dist/sdks.js'))) load();
  console.log(JSON.stringify(registered));
`;

test.each([
  ['without drop rules', {}],
  ['with the drop rules that are in it', { DROP_RULES_FILE: 'infra/rules/examples.json' }],
])("unpacked into an empty folder, the app starts %s and nothing but the worker's module", async (_, rules) => {
  const folder = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    for (const [path, content] of Object.entries(unzipSync(zip))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    const env = { PATH: process.env['PATH'], ...completeSettings, EVENT_HUB_NAMES: 'first,second', ...rules };
    const loaded = await promisify(execFile)(process.execPath, ['-e', worker], { cwd: folder, env });
    expect(loaded.stdout.trimEnd().split('\n').at(-1)).toBe('["first","second"]');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the licences of all that is bundled are in it, each with its text', async () => {
  const text = new TextDecoder().decode(unzipSync(zip)['THIRD-PARTY-LICENSES.txt']);
  const packages = bundledPackages(await bundleMetafile());
  expect(packages.length).toBeGreaterThan(30);
  const lines = new Set(text.split('\n'));
  const heads = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  expect(heads.filter((head) => !lines.has(head))).toEqual([]);
  expect(heads).toContain('rhea 3.0.5: Apache-2.0');
  expect([...lines].filter((line) => line.includes('no file with the text of its licence'))).toEqual([]);
});

const own = { name: 'a', version: '1.0.0', license: 'MIT', folder: 'node_modules/a', bytes: new Map<string, number>() };

test('a licence that nobody has looked at stops the package', () => {
  expect(() => licencesText([{ ...own, license: 'AGPL-3.0' }])).toThrow(
    'Licences that nobody has looked at: a (AGPL-3.0).',
  );
});

/** As npm writes it, without what nobody needs here. */
function component(name: string) {
  return { 'bom-ref': `${name}@1.0.0`, name, version: '1.0.0' };
}

describe('The bill of materials', () => {
  const all = {
    bomFormat: 'CycloneDX',
    metadata: { component: { ...component('folder'), 'bom-ref': 'app@1.0.0' } },
    components: [component('a'), component('@s/b'), component('tool'), { ...component('a'), version: '2.0.0' }],
    dependencies: [
      { ref: 'app@1.0.0', dependsOn: ['a@1.0.0', 'tool@1.0.0'] },
      { ref: 'a@1.0.0', dependsOn: ['@s/b@1.0.0'] },
      { ref: 'tool@1.0.0', dependsOn: [] },
    ],
  };
  const bundled = [own, { ...own, name: '@s/b' }];

  test('lists what is bundled, under the name of the app, and leaves out the rest', () => {
    expect(bundleSbom(all, bundled, 'app')).toEqual({
      bomFormat: 'CycloneDX',
      metadata: { component: { ...component('app'), type: 'application' } },
      components: [component('a'), component('@s/b')],
      dependencies: [
        { ref: 'app@1.0.0', dependsOn: ['a@1.0.0'] },
        { ref: 'a@1.0.0', dependsOn: ['@s/b@1.0.0'] },
      ],
    });
  });

  test('a bundled package that it misses is named', () => {
    expect(() => bundleSbom({ components: [] }, bundled, 'app')).toThrow(
      "npm's bill of materials misses a@1.0.0, @s/b@1.0.0.",
    );
  });
});
