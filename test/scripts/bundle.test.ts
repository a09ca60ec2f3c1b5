import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { bundleOptions } from '../../cli/bundle';
import { overBudget } from '../../scripts/build';
import { root } from '../programs';

let outputs: Metafile['outputs'];
beforeAll(async () => {
  ({
    metafile: { outputs },
  } = await build({ ...bundleOptions, write: false, metafile: true }));
});

/** Packages, and top folders of our own, that a file of `dist/` has code from. */
function partsOf(file: string): Set<string> {
  const inputs = Object.entries(outputs[`dist/${file}`]?.inputs ?? {}).filter(
    ([, { bytesInOutput }]) => bytesInOutput > 0,
  );
  return new Set(
    inputs.map(([path]) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.split(/[/:]/)[0] ?? ''),
  );
}

test('dist/app.js has none of the SDKs for which the start need not wait', () => {
  const sdks = [...partsOf('app.js')].filter((name) =>
    /^(?:@azure(?!\/functions)|@opentelemetry|@typespec|rhea)/.test(name),
  );
  expect(sdks).toEqual([]);
  expect(partsOf('app.js')).toContain('shared');
});

test('dist/rules.js has what only drop rules need, and dist/app.js has none of it', () => {
  expect(partsOf('rules.js')).toEqual(new Set(['late', '@marcbachmann/cel-js', 're2js']));
  expect([...partsOf('app.js')].filter((name) => /cel-js|re2js/.test(name))).toEqual([]);
});

test('dist/sdks.js has no code of ours: nothing exists twice', () => {
  const parts = partsOf('sdks.js');
  expect(parts).toContain('@azure/identity');
  expect(parts).toContain('@azure/monitor-opentelemetry-exporter');
  expect(['shared', 'functions', 'infra'].filter((folder) => parts.has(folder))).toEqual([]);
});

test('packages for signing in with a certificate or a browser are left out', () => {
  const parts = partsOf('sdks.js');
  expect(['jsonwebtoken', 'semver', 'open', 'default-browser'].filter((name) => parts.has(name))).toEqual([]);
});

test('dist/sdks.js gives the classes that the app asks for', () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion, typescript/no-require-imports -- the built file has no types.
  const sdks = require(join(root, 'dist', 'sdks.js')) as Record<string, () => Record<string, unknown>>;
  expect(sdks['@azure/identity']?.()['ManagedIdentityCredential']).toBeInstanceOf(Function);
  expect(sdks['@azure/monitor-ingestion']?.()['LogsIngestionClient']).toBeInstanceOf(Function);
  expect(sdks['@azure/event-hubs']?.()['EventHubProducerClient']).toBeInstanceOf(Function);
  expect(sdks['@azure/event-hubs']?.()['EventHubConsumerClient']).toBeInstanceOf(Function);
});

test.each([
  ['within its budget', { 'app.js': 350 * 1024, 'main.js': 148 }, []],
  ['above it by a byte', { 'main.js': 1024 + 1 }, ['dist/main.js takes 2 KiB; scripts/build.ts allows 1.']],
  ['without a budget', { 'other.js': 1 }, ['dist/other.js takes 1 KiB; scripts/build.ts allows 0.']],
  ['of source maps', { 'app.js.map': 10_000_000 }, []],
])('a file %s is reported or not', (_, sizes, problems) => {
  expect(overBudget(sizes)).toEqual(problems);
});
