import { newFolder } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';
import { hostProcess, untilGone } from './kit/killed';

afterEach(clean);

// What the app does depends on its settings, so that two hosts can run it in two ways.
const appFiles = `
  console.log('worker', process.pid);
  app.eventHub('crashing', { ...hub, handler: async (bodies, context) => {
    tell(context, bodies.map(String));
    if (process.env.TROUBLE === 'wait') await new Promise(() => {});
    if (process.env.TROUBLE === 'loop') setTimeout(() => { for (;;); }, 50);
  } });`;

it('leaves no worker process and loses nothing when the whole host is killed', async () => {
  const checkpointDirectory = newFolder();
  const { host, lines, options, again, send } = await startBench({
    code: appFiles,
    events: { 0: ['a'] },
    host: { checkpointDirectory },
  });
  await host.drained();
  await host.stop();
  await send('0', ['b']);
  const killed = hostProcess(options.appDirectory, checkpointDirectory, { ...options.environment, TROUBLE: 'wait' });
  const worker = await killed.line(/^worker (\d+)$/);
  await killed.line(/^seen \["b"\]$/);
  await killed.kill();
  await untilGone(Number(worker));
  const next = await again();
  await next.drained();
  expect(lines.seen()).toEqual([['a'], ['b']]);
});

// Nobody hears that the channel has closed while a handler keeps the event loop busy.
it('leaves no worker process whose handler loops for ever', async () => {
  const { host, options, send } = await startBench({ code: appFiles });
  await host.stop();
  await send('0', ['a']);
  const killed = hostProcess(options.appDirectory, newFolder(), { ...options.environment, TROUBLE: 'loop' });
  const worker = await killed.line(/^worker (\d+)$/);
  await killed.line(/^Executed .*Succeeded/);
  await killed.kill();
  await untilGone(Number(worker));
});
