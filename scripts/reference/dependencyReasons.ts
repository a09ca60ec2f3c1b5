import type manifest from '../../package.json';
import type emulators from '../../packages/azure-emulators/package.json';

interface Reason {
  readonly does: string;
  /** Why this one, and not another or our own code. */
  readonly why: string;
}

export interface DeployedReason extends Reason {
  /** CPU time to load it, with what it needs, as `npm run dependencies` measured it. */
  readonly loadMs: number;
}

export const deployed: Readonly<Record<keyof typeof manifest.dependencies, DeployedReason>> = {
  '@azure/functions': {
    does: 'registers the triggers with the Functions worker',
    why: "the platform's own; the worker knows no other way in its v4 model",
    loadMs: 7.1,
  },
  '@azure/event-hubs': {
    does: 'writes dead letters; the commands read and send events with it',
    why: "Microsoft's client; AMQP with sign-in by identity is not worth writing twice",
    loadMs: 18.9,
  },
  '@azure/identity': {
    does: "gets the managed identity's tokens",
    why: "Microsoft's; only `ManagedIdentityCredential` is bundled, the other ways to sign in are left out",
    loadMs: 21.4,
  },
  '@azure/monitor-ingestion': {
    does: 'sends rows to the DCRs',
    why: "Microsoft's client of the Logs Ingestion API; we add the retries, the chunks and the books",
    loadMs: 17.6,
  },
  '@azure/core-rest-pipeline': {
    does: 'sends the requests of the HTTP clients; the app wraps it for time limits and to read each answer',
    why: "the pipeline that Microsoft's clients have inside: it costs almost nothing more",
    loadMs: 16.3,
  },
  '@azure/monitor-opentelemetry-exporter': {
    does: 'sends metrics, traces and log lines to Application Insights',
    why: 'the only exporter for it. Its distribution, `@azure/monitor-opentelemetry`, adds automatic instrumentation, which the app does not use',
    loadMs: 24.9,
  },
  '@opentelemetry/api': {
    does: 'types and no-op meters and tracers',
    why: 'the exporter takes spans and metrics of this library only',
    loadMs: 1.5,
  },
  '@opentelemetry/api-logs': { does: 'levels of log lines', why: 'belongs to sdk-logs', loadMs: 0.3 },
  '@opentelemetry/core': {
    does: 'the result codes of an exporter',
    why: 'belongs to the SDKs; our queue of what was not accepted needs them',
    loadMs: 2.9,
  },
  '@opentelemetry/resources': {
    does: 'says which app and instance telemetry comes from',
    why: 'belongs to the SDKs',
    loadMs: 8.2,
  },
  '@opentelemetry/sdk-logs': {
    does: 'collects log lines for the exporter',
    why: 'the exporter takes them from it',
    loadMs: 8.1,
  },
  '@opentelemetry/sdk-metrics': {
    does: 'adds up counters and histograms',
    why: 'the exporter takes them from it',
    loadMs: 9.2,
  },
  '@opentelemetry/sdk-trace-base': {
    does: 'collects spans and samples them',
    why: 'the exporter takes them from it; the Node variant would add automatic instrumentation',
    loadMs: 8.9,
  },
  'fastest-levenshtein': {
    does: 'finds the name that a misspelt setting, column or table means',
    why: 'no dependencies, 1.5 KiB, and its distances are tested by others',
    loadMs: 0.2,
  },
  'ipaddr.js': {
    does: 'parses IPv4 and IPv6 addresses and ranges',
    why: 'addresses have many spellings, and Node parses none into bytes; Express uses it, so its errors have been found',
    loadMs: 0.5,
  },
  'lossless-json': {
    does: 'parses a message whose integers JSON.parse would round',
    why: 'keeps each number as text and writes it back; used only where a message holds such a number',
    loadMs: 0.2,
  },
  'p-limit': {
    does: 'limits the calls to a DCR that run at a time',
    why: '2 KiB, one dependency of the same maintainer',
    loadMs: 0.2,
  },
  '@marcbachmann/cel-js': {
    does: 'parses, checks and evaluates drop rules (CEL)',
    why: 'checks types before anything runs and evaluates no JavaScript; [the decision](decisions.md#drop-rules-are-cel) compares it',
    loadMs: 6.5,
  },
  re2js: {
    does: 'regular expressions in drop rules',
    why: 'RE2: time grows with the length of the text, so no expression can stop a partition',
    loadMs: 2.7,
  },
};

export const development: Readonly<Record<keyof typeof manifest.devDependencies, Reason>> = {
  '@azure/monitor-query-logs': {
    does: 'queries the workspace for `doctor`',
    why: "Microsoft's client; it replaces the deprecated `@azure/monitor-query`",
  },
  '@azure/storage-blob': {
    does: "reads archives (`backfill`) and the host's checkpoints (`doctor`, `replay set-aside`)",
    why: "Microsoft's client; not deployed, because the app touches no storage itself",
  },
  'axe-core': {
    does: 'finds what screen readers cannot use on the page',
    why: 'the rules that other accessibility testers build on',
  },
  'playwright-core': {
    does: 'drives Chromium in the test of the page',
    why: 'comes without browsers and takes one that is installed',
  },
  uplot: { does: 'draws the charts of the local page', why: 'small, without dependencies, served as it is' },
  '@biomejs/biome': { does: 'formats', why: 'one binary without plugins, a second for the whole repository' },
  '@jest/test-sequencer': {
    does: 'starts the longest tests first',
    why: 'the class that Jest wants an order to extend',
  },
  '@kusto/language-service-next': {
    does: 'checks every Kusto query, and parses those that tests run',
    why: "Microsoft's own parser, the one of the query editor",
  },
  '@stryker-mutator/api': { does: 'types of our plugin for mutation tests', why: 'belongs to the next one' },
  '@stryker-mutator/core': {
    does: 'mutation tests',
    why: 'the kept-up one for JavaScript; [the decision](decisions.md#mutation-tests-come-from-strykerjs)',
  },
  '@stryker-mutator/jest-runner': { does: 'lets it run Jest', why: 'belongs to it' },
  '@swc/core': { does: 'compiles TypeScript for tests', why: 'much faster than the compiler; types are checked apart' },
  '@swc/jest': { does: 'lets Jest use it', why: 'belongs to it' },
  '@types/jest': { does: 'types of the tests', why: 'Jest has no types of its own for globals' },
  '@types/node': { does: 'types of Node', why: 'in the oldest version that must work, 20' },
  'cli-table3': { does: 'tables on a terminal', why: 'knows the width of wide characters, and cuts cells' },
  'csv-parse': {
    does: 'reads CSV of the portal',
    why: 'streams, since 2010, no dependencies, and errors with a line number',
  },
  esbuild: { does: 'bundles the app', why: 'half a second, and its metafile says which package costs what' },
  'fast-check': { does: 'property tests', why: 'shrinks what fails to the smallest input' },
  fflate: {
    does: 'packs what is deployed',
    why: 'no dependencies; the same bytes on every system, which `zip` and PowerShell do not give',
  },
  jest: { does: 'runs the tests', why: 'each test file has modules of its own, so that the SDKs of two do not meet' },
  'jest-environment-node': { does: 'the base of the environment for mutation tests', why: 'belongs to Jest' },
  'jest-runner': { does: 'the base of the runner for mutation tests', why: 'belongs to Jest' },
  oxlint: { does: 'lints', why: 'seconds, with types, and takes our own rules as plugins' },
  'oxlint-tsgolint': { does: 'gives it types', why: 'belongs to it' },
  'pure-rand': { does: 'random numbers from a seed', why: 'the same on every system; fast-check uses it too' },
  rfc6902: {
    does: 'writes the operations between two rows, for cases',
    why: '[the decision](decisions.md#rfc6902-writes-the-operations-of-cases-ours-apply-them)',
  },
  tsx: { does: 'runs TypeScript as it is', why: 'works on Node 20, which cannot strip types itself' },
  typescript: { does: 'checks types', why: 'the language' },
  yaml: {
    does: 'reads azure.yaml and the headers of hunting queries',
    why: 'YAML 1.2, errors with a line, no dependencies',
  },
};

type OfEmulators = keyof typeof emulators.dependencies | keyof typeof emulators.devDependencies;

/** What only the emulators list; the rest of theirs stands above. */
export const emulated: Readonly<
  Record<Exclude<OfEmulators, keyof typeof deployed | keyof typeof development>, Reason>
> = {
  rhea: {
    does: 'AMQP 1.0 for the Event Hubs emulator',
    why: "the library inside Microsoft's client, which has no server",
  },
  selfsigned: { does: 'certificates for 127.0.0.1', why: 'Node makes keys, but no certificates' },
  '@grpc/grpc-js': {
    does: "the host's side of the worker protocol, in a test with Microsoft's worker",
    why: 'the worker speaks gRPC',
  },
  '@grpc/proto-loader': { does: 'reads the .proto files of that protocol', why: 'belongs to it' },
};
