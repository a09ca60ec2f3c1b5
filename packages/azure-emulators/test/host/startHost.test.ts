import { startEventHubs } from '../../src/eventhubs';
import { startHost } from '../../src/host';
import { holds } from '../holds';
import { bundle, removeFolders, writeApp } from './kit/fixture';
import { matching } from './kit/matchers';

afterEach(removeFolders);

const hostJson = { version: '2.0', extensionBundle: bundle };
const packageJson = { main: 'dist/main.js' };
const mainProgram = `require('@azure/functions').app.eventHub('f', { connection: 'EventHub', eventHubName: 'flows', cardinality: 'many', dataType: 'binary', handler() {} });`;
const appFiles = { 'host.json': hostJson, 'package.json': packageJson, 'dist/main.js': mainProgram };
// Nobody listens on port 1: none of these gets as far as the hub.
const settingBounds = {
  EventHub: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true',
};
const withoutHostJson = { 'package.json': packageJson, 'dist/main.js': mainProgram };

it.each([
  ['no host.json', withoutHostJson, /cannot read .*host\.json: ENOENT/],
  ['an unreadable host.json', { ...appFiles, 'host.json': '{"version":' }, /cannot read .*host\.json: .*JSON/],
  [
    'another version',
    { ...appFiles, 'host.json': { ...hostJson, version: '3' } },
    /"version" must be "2\.0", not "3" \(string\)/,
  ],
  [
    'no extension bundle',
    { ...appFiles, 'host.json': { version: '2.0' } },
    /names no "extensionBundle".*no Event Hubs trigger/,
  ],
  [
    'another bundle',
    { ...appFiles, 'host.json': { version: '2.0', extensionBundle: { id: 'x', version: '1.0' } } },
    /"extensionBundle\.id" must be/,
  ],
  [
    'a bundle without version',
    { ...appFiles, 'host.json': { version: '2.0', extensionBundle: { id: bundle.id } } },
    /"extensionBundle\.version" must be a version range/,
  ],
  [
    'a main that is missing',
    { ...appFiles, 'package.json': { main: 'index.js' } },
    /"main" \("index\.js"\) names no file/,
  ],
  ['no main', { ...appFiles, 'package.json': {} }, /has no "main"/],
  ['no package.json', { 'host.json': hostJson, 'dist/main.js': mainProgram }, /failed to load .*package\.json/],
  ['0 functions', { ...appFiles, 'dist/main.js': `require('@azure/functions');` }, /registered 0 functions/],
  [
    'two functions of one name',
    { ...appFiles, 'dist/main.js': `${mainProgram}${mainProgram}` },
    /"f" has already been registered/,
  ],
  [
    'a worker that ends while it loads',
    { ...appFiles, 'dist/main.js': `process.exit(7)` },
    /ended before the app had started: node exited with code 7/,
  ],
  [
    'a trigger of single events',
    { ...appFiles, 'dist/main.js': mainProgram.replace("'many'", "'one'") },
    /Function "f": "cardinality" is "one" \(string\); this host serves only "many"/,
  ],
  [
    'a trigger of texts',
    { ...appFiles, 'dist/main.js': mainProgram.replace("'binary'", "'string'") },
    /Function "f": "dataType" is "string" \(string\); this host serves only "binary"/,
  ],
  [
    'a setting that is missing',
    { ...appFiles, 'dist/main.js': mainProgram.replace("'flows'", "'%Hub%'") },
    /"eventHubName" is "%Hub%", but there is no app setting "Hub"/,
  ],
])(holds('refuses to start with %s', 'host.entry-point-fails', 'host.extension-bundle'), async (_, files, message) => {
  await expect(startHost({ appDirectory: writeApp(files), environment: settingBounds })).rejects.toThrow(message);
});

it(holds('shows the message and the stack of an entry point that throws', 'host.entry-point-fails'), async () => {
  const appDirectory = writeApp({
    ...appFiles,
    'dist/main.js': `function broken() { throw new TypeError('bad setting'); }\nbroken();`,
  });
  const error: unknown = await startHost({ appDirectory, environment: settingBounds }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({
    message: 'The worker was unable to load entry point "dist/main.js": bad setting',
    stack: matching(/TypeError: bad setting\s+at broken .*main\.js:1/s),
  });
});

// EventHubClientFactory.ResolveConnectionInformation
it.each([
  [{}, /Function "f": there is no app setting "EventHub"/],
  [
    { EventHub__fullyQualifiedNamespace: 'x.servicebus.windows.net' },
    /asks for an identity\. This local host needs a connection string/,
  ],
  [{ EventHub: 'nonsense' }, /the app setting "EventHub" is no Event Hubs connection string/],
])('rejects a connection that it cannot use: %j', async (environment, message) => {
  await expect(startHost({ appDirectory: writeApp(appFiles), environment })).rejects.toThrow(message);
});

it('does not show a connection string that is given instead of a setting’s name', async () => {
  const appDirectory = writeApp({
    ...appFiles,
    'dist/main.js': mainProgram.replace("'EventHub'", `'${settingBounds.EventHub.replace('=k;', '=hidden;')}'`),
  });
  const error: unknown = await startHost({ appDirectory, environment: {} }).catch((reason: unknown) => reason);
  expect(String(error)).toMatch(/holds a connection string \(not shown\)/);
  expect(String(error)).not.toContain('hidden');
});

it('rejects a hub that does not exist, by name', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'other', partitions: 1 }] });
  const environment = { EventHub: eventHubs.connectionString() };
  await expect(startHost({ appDirectory: writeApp(appFiles), environment })).rejects.toThrow(
    /Function "f": the hub "flows" at 127\.0\.0\.1 cannot be read/,
  );
  await eventHubs.stop();
});

it('lets the connection string name the hub, and warns of what it does not run or know', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'other', partitions: 1 }] });
  const messages: string[] = [];
  const host = await startHost({
    appDirectory: writeApp({
      ...appFiles,
      'host.json': {
        ...hostJson,
        extentions: {},
        extensions: {
          eventHubs: {
            maxBatchSize: 5,
            minEventBatchSize: 2,
            batchCheckpointFrequency: 2,
            initialOffsetOptions: { type: 'fromEnd' },
          },
        },
      },
      'dist/main.js': `${mainProgram}
        const { app, output } = require('@azure/functions');
        const hub = { connection: 'EventHub', eventHubName: 'x', cardinality: 'many', dataType: 'binary', handler() {} };
        app.timer('t', { schedule: '0 * * * * *', handler() {} });
        app.eventHub('g', { ...hub, return: output.eventHub({ connection: 'EventHub', eventHubName: 'out' }) });
        app.eventHub('off', hub);`,
    }),
    environment: { AzureWebJobsEventHub: eventHubs.connectionString('other'), 'AzureWebJobs.off.Disabled': 'True' },
    log: ({ message }) => messages.push(message),
  });
  expect(host.functions).toEqual(['f', 't', 'g', 'off']);
  expect(host.statistics().functions).toMatchObject([
    { functionName: 'f', eventHubName: 'other' },
    { functionName: 'g', eventHubName: 'other' },
  ]);
  expect(messages).toEqual([
    'host.json: "extentions" is not known and has no effect.',
    'host.json: "extensions.eventHubs.maxBatchSize" is not known and has no effect.',
    ...['minEventBatchSize', 'batchCheckpointFrequency', 'initialOffsetOptions'].map(
      (name) => `host.json: "extensions.eventHubs.${name}" has no effect in this local host.`,
    ),
    'Function "t" never runs here: its trigger is timerTrigger.',
    'Function "g" runs without its other bindings, which this host does not serve: $return.',
    'Function "off" does not run: the app setting "AzureWebJobs.off.Disabled" disables it.',
    'Functions "f" and "g" read "other" with the same consumer group "$Default": each event reaches only one of them.',
  ]);
  await host.stop();
  await eventHubs.stop();
});

it.each([0, 1.5])('rejects %s workers', async (workers) => {
  await expect(startHost({ appDirectory: writeApp(appFiles), environment: settingBounds, workers })).rejects.toThrow(
    `workers must be a whole number of at least 1, not ${workers}`,
  );
});
