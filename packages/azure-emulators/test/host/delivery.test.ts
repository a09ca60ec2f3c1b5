import { holds } from '../holds';
import { clean, startBench } from './kit/bench';
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

// EventHubListener.PartitionProcessor.cs: single dispatch, each event checkpointed by itself.
it(holds('delivers one event at a time with cardinality one', 'host.cardinality-one'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('single', { ...hub, cardinality: 'one', handler: (body, context) => tell(context, [Buffer.isBuffer(body), String(body)]) });`,
    events: { 0: ['first', 'second'] },
  });
  await host.drained();
  expect(lines.seen()).toEqual([
    [true, 'first'],
    [true, 'second'],
  ]);
  expect(host.statistics().functions[0]).toMatchObject({ batchesDelivered: 2, checkpoints: 2 });
});

// fromRpcTypedData.ts of the library: every text of a collection goes through JSON.parse.
it(
  holds(
    'lets the library parse texts as JSON with dataType string, which damages large integers and bad UTF-8',
    'host.string-bodies',
  ),
  async () => {
    const { host, lines, send } = await startBench({
      code: `app.eventHub('text', { ...hub, dataType: 'string', handler: (bodies, context) => tell(context, bodies) });`,
    });
    await send('0', ['42', 'no json', '{"id":9007199254740993}', Buffer.from([0xff])]);
    await host.drained();
    expect(lines.seen().flat()).toEqual([42, 'no json', { id: 9007199254740992 }, '\u{FFFD}']);
  },
);

// ToRpcStringArray in GrpcMessageConversionExtensions.cs: empty texts are left out, unless the worker asks for them.
it.each([
  { capability: '', bodies: ['a', 'b'], keys: [] },
  {
    capability: `app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });`,
    bodies: ['a', '', 'b'],
    keys: ['', '', ''],
  },
])(
  holds('drops empty texts and missing keys unless the app asks for them: $capability', 'host.empty-entries'),
  async ({ capability, bodies, keys }) => {
    const { host, lines } = await startBench({
      code: `${capability}
      app.eventHub('text', { ...hub, dataType: 'string', handler: (bodies, context) =>
        tell(context, { bodies, keys: context.triggerMetadata.partitionKeyArray }) });`,
      events: { 0: ['a', '', 'b'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual([{ bodies, keys }]);
  },
);

// ToRpcByteArray in the same file leaves out only nulls, and the body of an event is none.
it(holds('keeps empty bodies with dataType binary', 'host.binary-empty-bodies'), async () => {
  const { host, lines } = await startBench({ code: hex, events: { 0: ['a', '', 'b'] } });
  await host.drained();
  expect(lines.seen()).toEqual([['61', '', '62']]);
});

// PocoTriggerArgumentBinding.cs: Json.NET parses every body before the worker sees any.
it(
  holds(
    'fails the whole batch inside the host, without calling the handler, if one body is no JSON and there is no dataType',
    'host.json-bodies',
  ),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('parsed', { ...hub, dataType: undefined, handler: (bodies, context) => tell(context, bodies) });`,
      events: { 0: ['{"a":1}', '{"a":'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual([]);
    expect(host.statistics().functions[0]).toMatchObject({ eventsDelivered: 2, eventsSucceeded: 0, eventsGivenUp: 2 });
  },
);

// Json.NET's default DateParseHandling.
it(holds('rewrites ISO dates if there is no dataType', 'host.json-dates'), async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('parsed', { ...hub, dataType: undefined, handler: (bodies, context) => tell(context, bodies) });`,
    events: { 0: ['{"at":"2026-11-21T08:15:28.1883500Z","zoned":"2026-11-21T10:15:28.5+02:00","text":"2026"}'] },
  });
  await host.drained();
  expect(lines.seen().flat()).toEqual([
    { at: '2026-11-21T08:15:28.18835Z', zoned: '2026-11-21T08:15:28.5+00:00', text: '2026' },
  ]);
});

// EventHubListener.cs: a processor for each partition, each with one batch at a time.
it(
  holds('has one batch in flight for each partition, and partitions side by side', 'host.one-batch-per-partition'),
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

// PartitionProcessorEventsManager.cs and MonitorCachedEvents.
it(
  holds(
    'holds fewer events than minEventBatchSize back until maxWaitTime, but not those of the first batch',
    'host.min-batch-size',
  ),
  async () => {
    const { host, lines, send } = await startBench({
      code: `app.eventHub('size', { ...hub, handler: (bodies, context) => tell(context, bodies.length) });`,
      eventHubs: { minEventBatchSize: 4, maxEventBatchSize: 8, maxWaitTime: '00:01:00' },
      events: { 0: ['first'] },
    });
    await lines.until(() => lines.seen().length === 1);
    await send('0', ['a', 'b']);
    await send('0', ['c', 'd', 'e']);
    await host.drained();
    await send('0', ['late']);
    await host.drained();
    expect(lines.seen()).toEqual([1, 5, 1]);
  },
);

// UpdateCheckpointContext in EventHubListener.PartitionProcessor.cs.
it(
  holds('checkpoints every batchCheckpointFrequency batches, and tells the handler which', 'host.checkpoint-frequency'),
  async () => {
    const { host, lines } = await startBench({
      code: `app.eventHub('often', { ...hub, handler: (bodies, context) =>
      tell(context, context.triggerMetadata.partitionContext.isCheckpointingAfterInvocation) });`,
      eventHubs: { maxEventBatchSize: 1, batchCheckpointFrequency: 2 },
      events: { 0: ['a', 'b', 'c', 'd', 'e'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual([false, true, false, true, false]);
    expect(host.statistics().functions[0]).toMatchObject({ batchesSucceeded: 5, checkpoints: 2 });
  },
);

// InitialOffsetOptions of EventHubOptions.cs: only where there is no checkpoint.
it(holds('starts at the end if initialOffsetOptions say so', 'host.initial-offset'), async () => {
  const { host, lines, send } = await startBench({
    code: `app.eventHub('late', { ...hub, handler: (bodies, context) => tell(context, bodies.map(String)) });`,
    eventHubs: { initialOffsetOptions: { type: 'fromEnd' } },
    partitions: 2,
    events: { 0: ['before'] },
  });
  await host.drained();
  await send('0', ['after']);
  await send('1', ['too']);
  await host.drained();
  expect(new Set(lines.seen().flat())).toEqual(new Set(['after', 'too']));
});

it.each([
  ['2000-01-01T00:00:00', [['before']]],
  ['2999-01-01T00:00:00', []],
])(
  holds('starts at a time if initialOffsetOptions say so: %s', 'host.initial-offset'),
  async (enqueuedTimeUtc, seen) => {
    const { host, lines } = await startBench({
      code: `app.eventHub('late', { ...hub, handler: (bodies, context) => tell(context, bodies.map(String)) });`,
      eventHubs: { initialOffsetOptions: { type: 'fromEnqueuedTime', enqueuedTimeUtc } },
      events: { 0: ['before'] },
    });
    await host.drained();
    expect(lines.seen()).toEqual(seen);
  },
);
