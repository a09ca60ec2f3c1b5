import { startEventHubs } from '../../src/eventhubs';
import { startHost } from '../../src/host';
import { BUNDLE, removeFolders, writeApp } from './kit/fixture';
import { matching } from './kit/matchers';

afterEach(removeFolders);

const HOST_JSON = { version: '2.0', extensionBundle: BUNDLE };
const PACKAGE_JSON = { main: 'dist/*.js' };
const MAIN = `require('@azure/functions').app.eventHub('f', { connection: 'EventHub', eventHubName: 'flows', cardinality: 'many', handler() {} });`;
const APP = { 'host.json': HOST_JSON, 'package.json': PACKAGE_JSON, 'dist/main.js': MAIN };
// Nobody listens on port 1: none of these gets as far as the hub.
const SETTINGS = {
  EventHub: 'Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=n;SharedAccessKey=k;UseDevelopmentEmulator=true',
};
const withoutHostJson = { 'package.json': PACKAGE_JSON, 'dist/main.js': MAIN };

it.each([
  ['no host.json', withoutHostJson, /cannot read .*host\.json: ENOENT/],
  ['an unreadable host.json', { ...APP, 'host.json': '{"version":' }, /cannot read .*host\.json: .*JSON/],
  [
    'another version',
    { ...APP, 'host.json': { ...HOST_JSON, version: '3' } },
    /"version" must be "2\.0", not "3" \(string\)/,
  ],
  [
    'no extension bundle',
    { ...APP, 'host.json': { version: '2.0' } },
    /names no "extensionBundle".*no Event Hubs trigger/,
  ],
  [
    'another bundle',
    { ...APP, 'host.json': { version: '2.0', extensionBundle: { id: 'x', version: '1.0' } } },
    /"extensionBundle\.id" must be/,
  ],
  [
    'a bundle without version',
    { ...APP, 'host.json': { version: '2.0', extensionBundle: { id: BUNDLE.id } } },
    /"extensionBundle\.version" must be a version range/,
  ],
  [
    'a main that matches no file',
    { ...APP, 'package.json': { main: 'build/*.js' } },
    /"main" \("build\/\*\.js"\) matches no file/,
  ],
  [
    'a main that is missing',
    { ...APP, 'package.json': { main: 'index.js' } },
    /"main" \("index\.js"\) matches no file/,
  ],
  ['no main', { ...APP, 'package.json': {} }, /has no "main"/],
  ['no package.json', { 'host.json': HOST_JSON, 'dist/main.js': MAIN }, /failed to load .*package\.json/],
  ['0 functions', { ...APP, 'dist/main.js': `require('@azure/functions');` }, /registered 0 functions/],
  ['two functions of one name', { ...APP, 'dist/main.js': `${MAIN}${MAIN}` }, /"f" has already been registered/],
  [
    'a worker that ends while it loads',
    { ...APP, 'dist/main.js': `process.exit(7)` },
    /ended before the app had started: node exited with code 7/,
  ],
  [
    'an unknown cardinality',
    { ...APP, 'dist/main.js': MAIN.replace("'many'", "'several'") },
    /Function "f": "cardinality" must be one of one, many, not "several"/,
  ],
  [
    'a setting that is missing',
    { ...APP, 'dist/main.js': MAIN.replace("'flows'", "'%Hub%'") },
    /"eventHubName" is "%Hub%", but there is no app setting "Hub"/,
  ],
])('refuses to start with %s', async (_, files, message) => {
  await expect(startHost({ appDirectory: writeApp(files), environment: SETTINGS })).rejects.toThrow(message);
});

it('shows the message and the stack of an entry point that throws', async () => {
  const appDirectory = writeApp({
    ...APP,
    'dist/main.js': `function broken() { throw new TypeError('bad setting'); }\nbroken();`,
  });
  const error: unknown = await startHost({ appDirectory, environment: SETTINGS }).catch((thrown: unknown) => thrown);
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
])('refuses a connection that it cannot use: %j', async (environment, message) => {
  await expect(startHost({ appDirectory: writeApp(APP), environment })).rejects.toThrow(message);
});

it('does not show a connection string that stands where a setting’s name belongs', async () => {
  const appDirectory = writeApp({
    ...APP,
    'dist/main.js': MAIN.replace("'EventHub'", `'${SETTINGS.EventHub.replace('=k;', '=hidden;')}'`),
  });
  const error: unknown = await startHost({ appDirectory, environment: {} }).catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/holds a connection string \(not shown\)/);
  expect(String(error)).not.toContain('hidden');
});

it('refuses a hub that does not exist, by name', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'other', partitions: 1 }] });
  const environment = { EventHub: eventHubs.connectionString() };
  await expect(startHost({ appDirectory: writeApp(APP), environment })).rejects.toThrow(
    /Function "f": the hub "flows" at 127\.0\.0\.1 cannot be read/,
  );
  await eventHubs.stop();
});

it('lets the connection string name the hub, and warns of what it does not run or know', async () => {
  const eventHubs = await startEventHubs({ hubs: [{ name: 'other', partitions: 1 }] });
  const messages: string[] = [];
  const host = await startHost({
    appDirectory: writeApp({
      ...APP,
      'host.json': { ...HOST_JSON, extentions: {}, extensions: { eventHubs: { maxBatchSize: 5 } } },
      'dist/main.js': `${MAIN}
        const { app, output } = require('@azure/functions');
        const hub = { connection: 'EventHub', eventHubName: 'x', cardinality: 'many', handler() {} };
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
    'Function "t" never runs here: its trigger is timerTrigger.',
    'Function "g" runs without its other bindings, which this host does not serve: $return.',
    'Function "off" does not run: the app setting "AzureWebJobs.off.Disabled" says so.',
    'Functions "f" and "g" read "other" with the same consumer group "$Default": each event reaches only one of them.',
  ]);
  await host.stop();
  await eventHubs.stop();
});

it.each([0, 1.5])('refuses %s workers', async (workers) => {
  await expect(startHost({ appDirectory: writeApp(APP), environment: SETTINGS, workers })).rejects.toThrow(
    `workers must be a whole number of at least 1, not ${workers}`,
  );
});
