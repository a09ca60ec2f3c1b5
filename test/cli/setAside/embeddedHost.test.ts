import { EventHubProducerClient } from '@azure/event-hubs';
import { type EventHubsEmulator, startEventHubs } from 'azure-emulators/eventhubs';
import { type FunctionsHost, startHost } from 'azure-emulators/host';
import { bundle, newFolder, removeFolders, writeApp } from '../../../packages/azure-emulators/test/host/kit/fixture';
import { hostProcess } from '../../../packages/azure-emulators/test/host/kit/killed';
import { Lines } from '../../../packages/azure-emulators/test/host/kit/lines';
import { accountOf, type Ended, run } from '../replay/kit/replayCommand';
import { deadLetterHub, lettersIn } from './kit/setAsideBench';

const hub = 'flows';

let eventHubs: EventHubsEmulator;
let lines: Lines;
let checkpoints: string;
const hosts: FunctionsHost[] = [];

beforeEach(async () => {
  eventHubs = await startEventHubs({
    hubs: [
      { name: hub, partitions: 1 },
      { name: deadLetterHub, partitions: 1 },
    ],
  });
  lines = new Lines();
  checkpoints = newFolder();
});
afterEach(async () => {
  for (const host of hosts.splice(0)) await host.stop();
  await eventHubs.stop();
  removeFolders();
});

/** One message a batch. It tells each that it settles, and does `trouble` with one that reads "bad". */
function appWith(trouble: string): string {
  return writeApp({
    'host.json': {
      version: '2.0',
      extensionBundle: bundle,
      logging: { logLevel: { default: 'Debug' } },
      extensions: { eventHubs: { maxEventBatchSize: 1 } },
    },
    'package.json': { main: 'dist/main.js' },
    'dist/main.js': `
      const { app } = require('@azure/functions');
      app.eventHub('flows', { connection: 'EventHub', eventHubName: '${hub}', cardinality: 'many', dataType: 'binary',
        retry: { strategy: 'fixedDelay', maxRetryCount: -1, delayInterval: { seconds: 1 } },
        handler: ([body], context) => {
          if (String(body) === 'bad') { ${trouble} }
          context.log('seen', JSON.stringify(String(body)));
        } });`,
  });
}

async function startApp(appDirectory: string): Promise<FunctionsHost> {
  const environment = { EventHub: eventHubs.connectionString() };
  const host = await startHost({ appDirectory, environment, checkpointDirectory: checkpoints, log: lines.log });
  hosts.push(host);
  return host;
}

async function publish(...bodies: readonly string[]): Promise<void> {
  const producer = new EventHubProducerClient(eventHubs.connectionString(), hub);
  await producer.sendBatch(bodies.map((body) => ({ body: Buffer.from(body) })));
  await producer.close();
}

function setAside(...args: readonly string[]): Promise<Ended> {
  return run('replay', ['set-aside', '--partition', '0', '--json', ...args], checkpoints, {
    EventHub: eventHubs.connectionString(),
    EVENT_HUB_NAMES: hub,
    EMBEDDED_HOST_CHECKPOINTS: checkpoints,
  });
}

const command = ['--from', '1', '--through', '1', '--yes'];

async function expectBadAside(): Promise<void> {
  const { letters, copies } = await lettersIn(eventHubs.connectionString());
  expect(letters.map(({ id, body }) => [id, body])).toEqual([['flows/0/1/message', 'bad']]);
  expect(copies).toBe(0);
}

test.each([
  ['holds a batch', "throw new Error('held');", /Waiting for 1 s before retrying/],
  ['ends its worker with each attempt', 'process.exit(1);', /A new worker process is started/],
])(
  'while a running app %s: rejected; with --take-ownership the message is moved and the app continues after it',
  async (_, trouble, held) => {
    await startApp(appWith(trouble));
    await publish('good', 'bad', 'later');
    await lines.until(() => lines.matching(held).length >= 2);

    const refused = await setAside(...command);
    expect(refused.stderr).toContain('The partition is owned by a host');
    expect(refused.code).toBe(2);
    await expect(lettersIn(eventHubs.connectionString())).resolves.toEqual({ letters: [], copies: 0 });

    const ended = await setAside(...command, '--take-ownership');
    expect(ended.stderr.replaceAll(/^\d+ of \d+ messages set aside\n/gm, '')).toBe('');
    expect(ended.code).toBe(0);
    expect(accountOf(ended)).toMatchObject({ messages: 1, checkpointBefore: 0, checkpointAfter: 1 });
    await lines.until(() => lines.seen().includes('later'));
    expect(lines.seen()).toEqual(['good', 'later']);
    await expectBadAside();
  },
);

test('a stopped app: set-aside needs no --take-ownership, and the app then continues after the checkpoint', async () => {
  const appDirectory = appWith("throw new Error('held');");
  const first = await startApp(appDirectory);
  await publish('good', 'bad', 'later');
  await lines.until(() => lines.matching(/Waiting for 1 s before retrying/).length >= 1);
  await first.stop();
  const ended = await setAside(...command);
  expect(ended.stderr.replaceAll(/^\d+ of \d+ messages set aside\n/gm, '')).toBe('');
  expect(accountOf(ended)).toMatchObject({ messages: 1, checkpointAfter: 1, owner: null });
  await startApp(appDirectory);
  await lines.until(() => lines.seen().includes('later'));
  expect(lines.seen()).toEqual(['good', 'later']);
  await expectBadAside();
});

test('a killed host owns no partition', async () => {
  const appDirectory = appWith("throw new Error('held');");
  await publish('good', 'bad', 'later');
  const killed = hostProcess(appDirectory, checkpoints, { EventHub: eventHubs.connectionString() });
  await killed.line(/(Waiting for 1 s before retrying)/);
  await killed.kill();
  const ended = await setAside(...command);
  expect(accountOf(ended)).toMatchObject({ messages: 1, checkpointAfter: 1 });
  await startApp(appDirectory);
  await lines.until(() => lines.seen().includes('later'));
  expect(lines.seen()).toEqual(['later']);
  await expectBadAside();
});
