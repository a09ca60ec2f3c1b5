import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from './kit/fixture';
import { clean, startBench } from './kit/hostBench';
import { hostProcess } from './kit/killed';

afterEach(clean);

const tellHandler = `app.eventHub('steady', { ...hub, handler: (bodies, context) => tell(context, bodies.map(String)) });`;

it.each(['drop', 'reset'] as const)(
  'resumes where it was and loses nothing when the hub ends its connection: %s',
  async (kind) => {
    const { host, eventHubs, lines, send } = await startBench({
      code: tellHandler,
      eventHubs: { maxEventBatchSize: 2 },
    });
    await send('0', ['a', 'b']);
    await host.drained();
    eventHubs.faults.inject({ on: 'deliver', kind, after: 1 });
    await send('0', ['c', 'd', 'e']);
    await host.drained();
    expect(new Set(lines.seen().flat())).toEqual(new Set(['a', 'b', 'c', 'd', 'e']));
    expect(eventHubs.faults.fired()[`deliver ${kind}`]).toBe(1);
    expect(host.statistics().functions[0]).toMatchObject({ eventsGivenUp: 0, attemptsFailed: 0 });
  },
  15_000,
);

// In a process of its own: after a detach @azure/event-hubs 6.0.4 leaves a timer of 45 minutes behind.
it('resumes where it was when the hub ends its link', async () => {
  const { host, eventHubs, options, send } = await startBench({
    code: tellHandler,
    eventHubs: { maxEventBatchSize: 2 },
  });
  await host.stop();
  const detach = eventHubs.faults.inject({ on: 'deliver', kind: 'detach', after: 1 });
  await send('0', ['a', 'b', 'c']);
  const reader = hostProcess(options.appDirectory, newFolder(), options.environment);
  await reader.line(/^seen .*"c"\]$/);
  expect(detach.fired).toBe(1);
  await reader.kill();
});

it('redelivers a batch whose checkpoint could not be written, and continues', async () => {
  const checkpointDirectory = newFolder();
  const { host, lines, send } = await startBench({
    code: tellHandler,
    host: { checkpointDirectory },
    events: { 0: ['a'] },
  });
  await host.drained();
  const checkpoints = join(checkpointDirectory, '127.0.0.1', 'flows', '%24default', 'checkpoints');
  rmSync(checkpoints, { recursive: true });
  writeFileSync(checkpoints, 'no folder');
  await send('0', ['b']);
  await lines.until(() => lines.matching(/checkpoint of partition 0 cannot be written/).length > 0);
  rmSync(checkpoints);
  mkdirSync(checkpoints);
  await host.drained();
  // With its checkpoints gone, the hub is read from its start again.
  expect(lines.seen().flat()).toEqual(['a', 'b', 'a', 'b']);
});
