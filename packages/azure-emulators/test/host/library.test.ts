import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { holds } from '../holds';
import { writeApp } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';

afterEach(clean);

const tellHandler = `(bodies, context) => tell(context, context.triggerMetadata.propertiesArray)`;

// toCamelCase.ts of the library assigns the renamed keys in the order in which they came, so the last one is kept.
it.each([
  [{ 'Diagnostic-Id': 'capital', 'diagnostic-Id': 'small' }, 'small'],
  [{ 'diagnostic-Id': 'small', 'Diagnostic-Id': 'capital' }, 'capital'],
])(
  holds(
    'shows the handler the last of two user properties that differ in their first capital: %j',
    'host.property-first-capital',
  ),
  async (both, kept) => {
    const { host, lines, producer } = await startBench({
      code: `app.eventHub('metadata', { ...hub, handler: ${tellHandler} });`,
    });
    await producer.sendBatch([{ body: Buffer.from('a'), properties: both }]);
    await host.drained();
    expect(lines.seen()).toEqual([[{ 'diagnostic-Id': kept }]]);
  },
);

// tryGetCoreApiLazy.ts: without the module that a worker injects, the library goes on in its test mode.
it(
  holds(
    'only warns when a function is registered outside a worker, so that handlers can be imported',
    'host.register-outside-worker',
  ),
  async () => {
    const folder = writeApp({
      'main.js': `
      const { app } = require('@azure/functions');
      const hub = { connection: 'EventHub', eventHubName: 'flows', cardinality: 'many' };
      app.eventHub('flows', { ...hub, handler: () => {} });
      console.log('registered');`,
    });
    const { code, stdout, stderr } = await run(join(folder, 'main.js'));
    expect({ code, stdout: stdout.trim() }).toEqual({ code: 0, stdout: 'registered' });
    expect(stderr).toMatch(/WARNING: Skipping call to register function "flows".*test mode/);
  },
);

function run(script: string): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, stdout, stderr }),
    );
  });
}
