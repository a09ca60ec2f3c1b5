import { workerEnvironment } from '../../src/host/workerEnvironment';
import { type StartedApp, WorkerProcess } from '../../src/host/workerProcess';
import { workerSource } from '../../src/host/workerSource';
import { removeFolders, writeApp } from './kit/fixture';

afterEach(removeFolders);

async function load(files: Readonly<Record<string, unknown>>, startTimeoutMs = 10_000): Promise<StartedApp> {
  const appDirectory = writeApp(files);
  const environment = workerEnvironment({}, appDirectory);
  const worker = new WorkerProcess({
    source: await workerSource(),
    appDirectory,
    environment,
    startTimeoutMs,
    onLine: () => {},
  });
  try {
    return await worker.started;
  } finally {
    worker.kill();
    await worker.exited;
  }
}

it('fails to start an app that does not finish loading', async () => {
  await expect(
    load({ 'package.json': { main: 'a.mjs' }, 'a.mjs': 'await new Promise(() => {});' }, 300),
  ).rejects.toThrow('The app has not loaded within 0.3 s');
});

// registerFunction.ts and toRpcDuration.ts: what the library hands to the worker.
it('collects what the app registers, as JSON, with whole seconds', async () => {
  const { functions, capabilities } = await load({
    'package.json': { main: 'a.js' },
    'a.js': `const { app } = require('@azure/functions');
      app.setup({ capabilities: { Extra: 1 } });
      app.eventHub('f', { connection: 'c', eventHubName: 'h', cardinality: 'many', dataType: 'binary', handler() {},
        retry: { strategy: 'exponentialBackoff', maxRetryCount: -1, minimumInterval: { milliseconds: 1500 }, maximumInterval: 60000 } });`,
  });
  expect(JSON.parse(functions)).toEqual([
    {
      functionId: 'f',
      name: 'f',
      bindings: {
        [bindingName(functions)]: {
          type: 'eventHubTrigger',
          direction: 'in',
          name: bindingName(functions),
          connection: 'c',
          eventHubName: 'h',
          cardinality: 'many',
          dataType: 'binary',
          properties: { supportsDeferredBinding: 'false' },
        },
      },
      retryOptions: {
        strategy: 'exponentialBackoff',
        retryStrategy: 'exponentialBackoff',
        maxRetryCount: -1,
        minimumInterval: { seconds: 2 },
        maximumInterval: { seconds: 60 },
      },
    },
  ]);
  expect(capabilities).toMatchObject({
    Extra: '1',
    TypedDataCollection: 'true',
    HandlesWorkerTerminateMessage: 'true',
  });
});

/** The library makes the name from a hash of the binding. */
function bindingName(functions: string): string {
  return /"(eventHubTrigger[0-9a-f]+)"/.exec(functions)?.[1] ?? '';
}
