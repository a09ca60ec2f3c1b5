import { holds } from '../holds';
import { clean, startBench } from './kit/hostBench';
import { matching, some } from './kit/matchers';

afterEach(clean);

const retry = `retry: { strategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 1 } }`;

// Worker.ts of the Node worker: an uncaught exception ends the process, and Node turns a rejection into one.
it.each([
  ['an uncaught exception', `setTimeout(() => { throw new Error('boom'); }, 1)`],
  ['an unhandled rejection', `void Promise.reject(new Error('boom'))`],
  ['process.exit', `process.exit(3)`],
])(
  holds(
    'ends the worker on %s, retries what it had and starts a new one',
    'host.worker-death',
    'host.uncaught-exception',
  ),
  async (_, failure) => {
    const { host, lines } = await startBench({
      code: `app.eventHub('fragile', { ...hub, ${retry}, handler: async (bodies, context) => {
      tell(context, { retryCount: context.retryContext.retryCount, exception: context.retryContext.exception?.message });
      if (context.retryContext.retryCount === 0) { ${failure}; await new Promise(() => {}); }
    } });`,
      events: { 0: ['a'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual([{ retryCount: 0 }, { retryCount: 1, exception: matching(/node exited with code/) }]);
    expect(host.statistics()).toMatchObject({
      workerRestarts: 1,
      functions: [{ eventsSucceeded: 1, eventsGivenUp: 0 }],
    });
  },
);

// RpcFunctionInvocationDispatcher.RestartWorkerWithInvocationIdAsync: the whole worker is restarted.
it(
  holds('fails the attempt that exceeds functionTimeout, and all others of its worker', 'host.function-timeout'),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('slow', { ...hub, ${retry}, handler: async (bodies, context) => {
      const { retryCount, exception } = context.retryContext;
      tell(context, { body: String(bodies[0]), retryCount, exception: exception?.message });
      if (retryCount === 0) await new Promise(() => {});
    } });`,
      partitions: 2,
      hostJson: { functionTimeout: '00:00:01' },
      events: { 0: ['a'], 1: ['b'] },
    });
    await host.drained();
    const retried = lines.seen().slice(2);
    expect(retried).toHaveLength(2);
    expect(retried).toContainEqual({
      body: some(String),
      retryCount: 1,
      exception: matching(/Timeout value of 1 s exceeded/),
    });
    expect(host.statistics()).toMatchObject({
      workerRestarts: 1,
      functions: [{ attemptsFailed: 2, eventsSucceeded: 2 }],
    });
  },
);

// InvocationContext.ts of the library: nothing of the host's cancellation reaches it.
it(
  holds(
    'gives the handler no signal, neither in its context nor when the host stops while it runs',
    'host.no-abort-signal',
  ),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('deaf', { ...hub, handler: async (bodies, context) => {
      const signals = Object.values(context).filter((value) => value instanceof AbortSignal || value instanceof AbortController);
      tell(context, { signals: signals.length, inputs: bodies.constructor.name });
      await new Promise((resolve) => setTimeout(resolve, 300));
      tell(context, 'ran to its end');
    } });`,
      events: { 0: ['a'] },
    });
    await lines.until(() => lines.seen().length === 1);
    await host.stop();
    expect(lines.seen()).toEqual([{ signals: 0, inputs: 'Array' }, 'ran to its end']);
    expect(host.statistics().functions[0]).toMatchObject({ checkpoints: 0 });
  },
);

// toRpcTypedData.ts of the library serialises the handler's result after the handler has run.
it(
  holds('fails an invocation whose result cannot be serialised, though its work is done', 'host.result-serialised'),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('returning', { ...hub, handler: (bodies, context) => { tell(context, 'done'); return { count: 1n }; } });`,
      events: { 0: ['a'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual(['done']);
    expect(lines.matching(/Failed.*BigInt/s)).toHaveLength(1);
    expect(host.statistics().functions[0]).toMatchObject({ attemptsFailed: 1, eventsGivenUp: 1 });
  },
);

// src/errors.ts of the worker: undefined and null are no error, anything else is, an object as its JSON.
it(holds('fails for everything that a handler throws except undefined and null', 'host.throws-nothing'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('throwing', { ...hub, handler: ([body]) => {
      throw { undefined, nothing: null, text: 'boom', object: { code: 5 } }[String(body)];
    } });`,
    eventHubs: { maxEventBatchSize: 1 },
    events: { 0: ['undefined', 'nothing', 'text', 'object'] },
  });
  await host.drained();
  expect(host.statistics().functions[0]).toMatchObject({ eventsSucceeded: 2, eventsGivenUp: 2 });
  expect(lines.matching(/Failed.*Exception: boom\n/s)).toHaveLength(1);
  expect(lines.matching(/Failed.*Exception: \{"code":5\}\n/s)).toHaveLength(1);
});

// Hooks: src/hooks of the library, executeHooks.ts and InvocationHandler.ts of the worker.
it(holds('runs the hooks: start, before and after an invocation, for logs, and at the end', 'host.hooks'), async () => {
  const { host, lines } = await startBench({
    code: `
      const order = [];
      app.hook.appStart(() => { order.push('appStart'); });
      app.hook.preInvocation((context) => {
        order.push('preInvocation');
        context.hookData.from = 'pre';
        context.inputs[0] = ['replaced'];
        const handler = context.functionHandler;
        context.functionHandler = (...parameters) => handler(...parameters);
      });
      app.hook.postInvocation((context) => {
        order.push('postInvocation', context.hookData.from, context.result);
        context.invocationContext.log('order', order.join());
      });
      app.hook.log((context) => { if (context.category === 'user') context.message = context.message.replace('secret', '***'); });
      app.hook.appTerminate(() => new Promise((done) => setTimeout(done, 20)).then(() => console.log('terminated')));
      app.eventHub('hooked', { ...hub, handler: (bodies, context) => { context.log('secret', ...bodies); return 'result'; } });`,
    events: { 0: ['original'] },
  });
  await host.drained();
  await host.stop();
  expect(lines.matching(/^\*\*\* replaced$/)).toHaveLength(1);
  expect(lines.matching(/^order appStart,preInvocation,postInvocation,pre,result$/)).toHaveLength(1);
  await lines.until(() => lines.matching(/^terminated$/).length > 0);
  expect(lines.matching(/^terminated$/)).toMatchObject([{ category: 'Host.Function.Console', level: 'information' }]);
});

it('fails an invocation whose preInvocation hook throws, without calling the handler', async () => {
  const { host, lines } = await startBench({
    code: `app.hook.preInvocation(() => { throw new Error('not today'); });
      app.eventHub('hooked', { ...hub, handler: (bodies, context) => tell(context, 'called') });`,
    events: { 0: ['a'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([]);
  expect(lines.matching(/Failed.*not today/s)).toHaveLength(1);
});

// WorkerConstants.WorkerTerminateGracePeriodInSeconds is 5; the hook here would never end.
it(holds('kills a worker whose appTerminate hooks do not end in time', 'host.terminate-grace'), async () => {
  const { host, lines } = await startBench({
    code: `app.hook.appTerminate(() => new Promise(() => {}));
      app.eventHub('idle', { ...hub, handler: () => {} });
      console.log('pid', process.pid);`,
    events: {},
  });
  await lines.until(() => lines.matching(/^pid/).length > 0);
  await host.stop();
  const processId = Number(lines.matching(/^pid/)[0]?.message.slice(4));
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
});

it('sends what the app logs to the log callback, by level and category, with function and invocation', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('talking', { ...hub, handler: (bodies, context) => {
      context.trace('t'); context.debug('d'); context.info('i %d', 1); context.warn('w'); context.error('e');
      console.error('raw');
    } });`,
    hostJson: {
      logging: { logLevel: { default: 'Information', 'Function.talking.User': 'Debug', Function: 'Warning' } },
    },
    events: { 0: ['a'] },
  });
  await host.drained();
  const user = lines.all.filter(({ category }) => category === 'Function.talking.User');
  const id = matching(/^[0-9a-f-]{36}$/);
  expect(user).toEqual(
    [
      ['debug', 'd'],
      ['information', 'i 1'],
      ['warning', 'w'],
      ['error', 'e'],
    ].map(([level, message]) => ({
      level,
      message,
      category: 'Function.talking.User',
      functionName: 'talking',
      invocationId: id,
    })),
  );
  expect(lines.matching(/^Executing/)).toEqual([]);
  await lines.until(() => lines.matching(/^raw$/).length > 0);
  expect(lines.matching(/^raw$/)).toMatchObject([{ level: 'error', category: 'Host.Function.Console' }]);
});

it(
  holds(
    'gives the app its settings, its folder and the worker API, and nothing else of this process',
    'host.core-module',
  ),
  async () => {
    process.env['NOT_FOR_THE_APP'] = 'x';
    const { host, lines } = await startBench({
      code: `const core = require('@azure/functions-core');
      app.eventHub('looking', { ...hub, handler: (bodies, context) => tell(context, {
        setting: process.env.MY_SETTING, other: process.env.NOT_FOR_THE_APP, runtime: process.env.FUNCTIONS_WORKER_RUNTIME,
        path: Boolean(process.env.PATH || process.env.Path), here: require('node:fs').existsSync('host.json'),
        model: core.getProgrammingModel().name,
      }) });`,
      settings: { MY_SETTING: 'mine' },
      events: { 0: ['a'] },
    });
    delete process.env['NOT_FOR_THE_APP'];
    await host.drained();
    expect(lines.seen()).toEqual([
      { setting: 'mine', runtime: 'node', path: true, here: true, model: '@azure/functions' },
    ]);
  },
);

// loadScriptFile.ts of the worker: .mjs is imported, .cjs required, .js by the package's type.
it('loads an entry point that is an ES module', async () => {
  const { host, lines } = await startBench({
    code: '',
    files: {
      'package.json': { main: 'dist/main.mjs' },
      'dist/main.mjs': `
        import { app } from '@azure/functions';
        app.eventHub('module', { connection: 'EventHub', eventHubName: 'flows', cardinality: 'many', dataType: 'binary',
          handler: (bodies, context) => context.log('seen', JSON.stringify(String(bodies[0]))) });`,
    },
    events: { 0: ['a'] },
  });
  await host.drained();
  expect(host.functions).toEqual(['module']);
  expect(lines.seen()).toEqual(['a']);
});

// Ctrl-C reaches the whole process group; process.emit stands for the signal, which Windows cannot send.
it('keeps a worker alive through Ctrl-C, so that the host can drain it', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('signalled', { ...hub, handler: (bodies, context) =>
      tell(context, [process.emit('SIGINT'), process.emit('SIGBREAK')]) });`,
    events: { 0: ['a'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([[true, true]]);
  expect(host.statistics().workerRestarts).toBe(0);
});
