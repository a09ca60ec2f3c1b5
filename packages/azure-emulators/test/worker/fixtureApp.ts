import { bundle, writeApp } from '../host/kit/fixture';

/**
 * What `failing` does, by the text that it gets. Not here: a frozen error that is thrown kills the platform's
 * worker while it makes its answer.
 */
export const failures = [
  ['error', `throw new TypeError('boom')`],
  ['text', `throw 'boom'`],
  ['object', `throw { code: 5, inner: ['a'] }`],
  ['number', `throw 5`],
  ['nothing', `throw null`],
  ['undefined', `throw undefined`],
  ['getter', `throw Object.defineProperty(new Error(), 'message', { configurable: true, get: () => 'from a getter' })`],
  ['rejection', `return Promise.reject(new Error('later'))`],
  ['bigint', `return { count: 1n }`],
  ['circular', `const self = {}; self.self = self; return self`],
  ['result', `return 'ignored'`],
] as const;

/** An app that logs what its handlers saw: values with the classes that they are of, and bytes as they are. */
export function writeFixtureApp(): string {
  return writeApp({
    'host.json': { version: '2.0', extensionBundle: bundle },
    'package.json': { main: 'main.js' },
    'main.js': `
      const { app } = require('@azure/functions');
      app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });

      const describe = (value) => {
        if (value instanceof Uint8Array) return { class: value.constructor.name, hex: Buffer.from(value).toString('hex') };
        if (value === null || typeof value !== 'object') return { type: typeof value, text: String(value) };
        if (value instanceof Map) return { class: 'Map', entries: describe([...value]) };
        return {
          class: Object.getPrototypeOf(value)?.constructor.name ?? 'no prototype',
          fields: Object.fromEntries(Object.entries(value).map(([name, field]) => [name, describe(field)])),
        };
      };
      const tell = (...given) => {
        const context = given.at(-1);
        const { invocationId, functionName, triggerMetadata, retryContext, traceContext, options } = context;
        context.log('seen', JSON.stringify(describe({
          inputs: given.slice(0, -1),
          context: { class: context.constructor.name, invocationId, functionName, triggerMetadata, retryContext, traceContext, options },
        })));
      };
      const hub = { connection: 'EventHub', eventHubName: 'flows', consumerGroup: 'other', cardinality: 'many', dataType: 'binary' };
      app.eventHub('seeing', { ...hub, consumerGroup: '$Default', handler: tell });
      app.eventHub('failing', {
        ...hub,
        retry: { strategy: 'fixedDelay', maxRetryCount: 3, delayInterval: { seconds: 90 } },
        handler: ([body]) => {
          const failure = String(body);
          ${failures.map(([name, code]) => `if (failure === '${name}') { ${code}; }`).join('\n')}
        },
      });
      app.eventHub('talking', {
        ...hub,
        handler: ([text], context) => {
          context.trace('t'); context.debug('d'); context.info('i %d', 1, { a: [1, 2n] }); context.warn('w'); context.error(new Error('e').message);
          context.log(String(text), Buffer.from('b'), undefined, null);
        },
      });
      app.hook.preInvocation((hooked) => {
        if (hooked.invocationContext.functionName !== 'talking') return;
        hooked.inputs[0] = ['replaced'];
        hooked.hookData.from = 'before';
        const handler = hooked.functionHandler;
        hooked.functionHandler = (...given) => { given.at(-1).log('wrapped'); return handler(...given); };
      });
      app.hook.postInvocation((hooked) => {
        if (hooked.invocationContext.functionName === 'talking') {
          hooked.invocationContext.log('after', hooked.hookData.from, hooked.result, hooked.error, hooked.inputs);
        }
      });`,
  });
}
