import { holds } from '../holds';
import { clean, startBench } from './kit/hostBench';
import { having } from './kit/matchers';

afterEach(clean);

const hex = `app.eventHub('hex', { ...hub, handler: (bodies, context) => tell(context, bodies.map((body) => body.toString('hex'))) });`;

it(holds('delivers binary bodies byte for byte, in order, and checkpoints them', 'host.binary-bodies'), async () => {
  const { host, lines, send } = await startBench({ code: hex });
  await send('0', [Buffer.from([0x00, 0xff, 0xfe, 0x80]), '{"a":1}']);
  await host.drained();
  expect(host.functions).toEqual(['hex']);
  expect(lines.seen().flat()).toEqual(['00fffe80', '7b2261223a317d']);
  expect(host.statistics().functions).toMatchObject([
    { functionName: 'hex', eventHubName: 'flows', eventsDelivered: 2, eventsSucceeded: 2, eventsGivenUp: 0 },
  ]);
});

// EventHubClientFactory.cs: the processor's batch is at most maxEventBatchSize.
it(holds('never delivers more than maxEventBatchSize events at once', 'host.max-batch-size'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('size', { ...hub, handler: (bodies, context) => tell(context, bodies.length) });`,
    eventHubs: { maxEventBatchSize: 3, prefetchCount: 30 },
    events: { 0: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([3, 3, 1]);
});

// ToRpcStringArray in GrpcMessageConversionExtensions.cs: empty texts are left out, unless the worker asks for them.
it.each([
  ['', []],
  [`app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });`, ['', '', '']],
])(
  holds('drops missing partition keys unless the app asks for them: %s', 'host.empty-entries'),
  async (setup, keys) => {
    const { host, lines } = await startBench({
      code: `${setup}
    app.eventHub('keys', { ...hub, handler: (bodies, context) =>
      tell(context, { bodies: bodies.map(String), keys: context.triggerMetadata.partitionKeyArray }) });`,
      events: { 0: ['a', '', 'b'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual([{ bodies: ['a', '', 'b'], keys }]);
  },
);

// ToRpcByteArray in the same file leaves out only nulls, and the body of an event is none.
it(holds('keeps empty bodies with dataType binary', 'host.binary-empty-bodies'), async () => {
  const { host, lines } = await startBench({ code: hex, events: { 0: ['a', '', 'b'] } });
  await host.drained();
  expect(lines.seen()).toEqual([['61', '', '62']]);
});

// EventHubListener.cs: a processor for each partition, each with one batch at a time.
it(
  holds('has one batch in flight for each partition, and partitions in parallel', 'host.one-batch-per-partition'),
  async () => {
    const { host, lines } = await startBench({
      // The first batch of each partition waits until the other partition has one as well.
      code: `
      const open = new Map();
      let most = 0;
      app.eventHub('parallel', { ...hub, handler: async (bodies, context) => {
        const { partitionId } = context.triggerMetadata.partitionContext;
        open.set(partitionId, (open.get(partitionId) ?? 0) + 1);
        most = Math.max(most, open.get(partitionId));
        while (open.size < 2) await new Promise(setImmediate);
        tell(context, { partitionId, most });
        open.set(partitionId, open.get(partitionId) - 1);
      } });`,
      partitions: 2,
      eventHubs: { maxEventBatchSize: 1 },
      events: { 0: ['a', 'b'], 1: ['c', 'd'] },
    });
    await host.drained();
    expect(lines.seen()).toHaveLength(4);
    expect(lines.seen()).toEqual(
      expect.arrayContaining([
        { partitionId: '0', most: 1 },
        { partitionId: '1', most: 1 },
      ]),
    );
    expect(lines.seen()).not.toContainEqual(having({ most: 2 }));
  },
);

// CompositeTriggerBindingProvider and INameResolver.ResolveWholeString: %Name% is an app setting.
it('takes %Setting% from the app settings', async () => {
  const { host, lines } = await startBench({
    code: `app.generic('named', {
      trigger: { type: 'eventHubTrigger', connection: '%Which%', eventHubName: '%HubName%', consumerGroup: '%Group%', cardinality: 'Many', dataType: 'Binary' },
      handler: (bodies, context) => tell(context, context.triggerMetadata.partitionContext.eventHubName),
    });`,
    events: { 0: ['a'] },
    settings: { Which: 'EventHub', HubName: 'flows', Group: '$Default' },
  });
  await host.drained();
  expect(lines.seen()).toEqual(['flows']);
});
