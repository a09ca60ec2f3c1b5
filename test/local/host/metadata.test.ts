import { clean, startBench } from './kit/bench';
import { having, matching, some } from './kit/matchers';

afterEach(clean);

const TIME = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?$/);
const ZONED_TIME = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/);
const TELL = `(bodies, context) => tell(context, { trigger: context.options.trigger.type, ...context.triggerMetadata })`;

// EventHubTriggerBindingStrategy.cs makes the values, fromRpcTriggerMetadata.ts and toCamelCase.ts of the library rename
// and parse them: offsets become numbers, sequence numbers stay halves, user properties lose their first capital.
it('presents the metadata of a batch as the library makes it from the host', async () => {
  const { host, lines, producer } = await startBench({
    code: `app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
      app.eventHub('metadata', { ...hub, handler: ${TELL} });`,
  });
  await producer.sendBatch(
    [
      {
        body: Buffer.from('a'),
        properties: { 'Diagnostic-Id': '00-aa-bb-01', Nested: 1 },
        messageId: 'm1',
        contentType: 'application/json',
      },
    ],
    { partitionKey: '42' },
  );
  await host.drained();
  const context = {
    fullyQualifiedNamespace: matching(/^127\.0\.0\.1/),
    eventHubName: 'flows',
    consumerGroup: '$Default',
    partitionId: '0',
    isCheckpointingAfterInvocation: true,
  };
  expect(lines.seen()).toEqual([
    {
      trigger: 'eventHubTrigger',
      checkpointContext: context,
      partitionContext: context,
      partitionKeyArray: [42],
      offsetArray: [some(Number)],
      offsetStringArray: [some(Number)],
      sequenceNumberArray: [{ low: 0, high: 0, unsigned: false }],
      enqueuedTimeUtcArray: [TIME],
      propertiesArray: [{ 'diagnostic-Id': '00-aa-bb-01', nested: 1 }],
      systemPropertiesArray: [
        {
          'x-opt-sequence-number': 0,
          'x-opt-offset': some(String),
          'x-opt-enqueued-time': ZONED_TIME,
          'x-opt-partition-key': '42',
          'message-id': 'm1',
          'content-type': 'application/json',
          sequenceNumber: 0,
          offset: some(Number),
          offsetString: some(String),
          partitionKey: '42',
          enqueuedTimeUtc: TIME,
        },
      ],
    },
  ]);
});

// A null is no metadata for the host (ShouldSkipBindingData), so an event without a key has no partitionKey.
it('presents the metadata of a single event without arrays', async () => {
  const { host, lines } = await startBench({
    code: `app.eventHub('metadata', { ...hub, cardinality: 'one', handler: ${TELL} });`,
    events: { 0: ['a', 'b'] },
  });
  await host.drained();
  const [, second] = lines.seen();
  expect(second).toEqual({
    trigger: 'eventHubTrigger',
    checkpointContext: some(Object),
    partitionContext: having({ partitionId: '0' }),
    offset: some(Number),
    offsetString: some(Number),
    sequenceNumber: 1,
    enqueuedTimeUtc: TIME,
    properties: {},
    systemProperties: {
      'x-opt-sequence-number': 1,
      'x-opt-offset': some(String),
      'x-opt-enqueued-time': ZONED_TIME,
      sequenceNumber: 1,
      offset: some(Number),
      offsetString: some(String),
      partitionKey: null,
      enqueuedTimeUtc: TIME,
    },
  });
});
