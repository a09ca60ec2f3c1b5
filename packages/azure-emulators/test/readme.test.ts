import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import manifest from '../package.json';
import type { EntraOptions, EventHubsOptions, HubOptions, TlsOptions } from '../src/eventhubs';
import type { HostOptions } from '../src/host';
import type { IdentityOptions } from '../src/identity';
import type { IngestionOptions, Limits, RuleOptions } from '../src/ingestion';
import type { TelemetryOptions } from '../src/telemetry';
import type { WorkspaceOptions } from '../src/workspace';
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

/** The options of a type. The compiler finds an option that is missing here, and one that no longer exists. */
function optionsOf<Options>(options: Record<keyof Options, true>): string[] {
  return Object.keys(options);
}

const hubOptions = optionsOf<HubOptions>({ name: true, partitions: true, consumerGroups: true });
const entraOptions = optionsOf<EntraOptions>({ identify: true, claimsOf: true });
const tlsOptions = optionsOf<TlsOptions>({ port: true, certificate: true, identify: true, claimsOf: true });
const limits = optionsOf<Limits>({ compressedBytes: true, uncompressedBytes: true });
const ruleOptions = optionsOf<RuleOptions>({
  immutableId: true,
  streams: true,
  allowedClientIds: true,
  requestsPerMinute: true,
  bytesPerMinute: true,
});

/** By function: its options, and the options within them. */
const documented: readonly (readonly [name: string, options: readonly string[], inner: readonly string[]])[] = [
  [
    'startEventHubs',
    optionsOf<EventHubsOptions>({
      hubs: true,
      port: true,
      tls: true,
      directory: true,
      retentionMs: true,
      retentionBytes: true,
      maxMessageSize: true,
      policies: true,
      now: true,
      log: true,
    }),
    [...hubOptions, ...entraOptions, ...tlsOptions],
  ],
  [
    'startIngestion',
    optionsOf<IngestionOptions>({
      rules: true,
      authorize: true,
      clientIdOf: true,
      directory: true,
      port: true,
      certificate: true,
      limits: true,
      onStored: true,
      onWriteFailed: true,
      now: true,
    }),
    [...ruleOptions, ...limits],
  ],
  [
    'startIdentity',
    optionsOf<IdentityOptions>({ port: true, header: true, lifetimeSeconds: true, clientIds: true }),
    [],
  ],
  [
    'startWorkspace',
    optionsOf<WorkspaceOptions>({
      tables: true,
      answer: true,
      authorize: true,
      resourceId: true,
      customerId: true,
      port: true,
      certificate: true,
      now: true,
    }),
    [],
  ],
  [
    'startTelemetry',
    optionsOf<TelemetryOptions>({
      authorize: true,
      directory: true,
      port: true,
      certificate: true,
      onWriteFailed: true,
    }),
    [],
  ],
  [
    'startHost',
    optionsOf<HostOptions>({
      appDirectory: true,
      environment: true,
      namespaces: true,
      checkpointDirectory: true,
      workers: true,
      log: true,
      clockScale: true,
      onEvent: true,
    }),
    [],
  ],
];

/** The names in code in a text. */
function namesIn(text: string): string[] {
  return Array.from(text.matchAll(/`(\w+)`/g), ([, name = '']) => name);
}

test.each(documented)('the table of the README has the options of %s, and no other', (name, options, inner) => {
  // A row without a function belongs to the one above it.
  let current = '';
  const rows = Array.from(readme.matchAll(/^\|(.*?)\|(.*?)\|(.*)\|$/gm)).filter(([, of = '']) => {
    current = namesIn(of)[0] ?? (of.trim() === '' ? current : '');
    return current === name;
  });
  expect(rows.flatMap(([, , named = '']) => namesIn(named)).toSorted()).toEqual(options.toSorted());
  const means = new Set(rows.flatMap(([, , , text = '']) => namesIn(text)));
  expect(inner.filter((option) => !means.has(option))).toEqual([]);
});
