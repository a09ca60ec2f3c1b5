import { holds } from '../holds';
import { clean, startBench } from './kit/hostBench';
import { matching, some } from './kit/matchers';

afterEach(clean);

const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?$/);
const zonedTime = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/);
const tellHandler = `(bodies, context) => tell(context, { trigger: context.options.trigger.type, ...context.triggerMetadata })`;

// EventHubTriggerBindingStrategy.cs makes the values, fromRpcTriggerMetadata.ts and toCamelCase.ts of the library rename
// and parse them: offsets become numbers, sequence numbers stay halves, user properties lose their first capital.
it(
  holds(
    "gives the metadata of a batch as the library makes it from the host's",
    'host.metadata-arrays',
    'host.partition-context',
    'host.enqueued-times',
  ),
  async () => {
    const { host, lines, producer } = await startBench({
      code: `app.setup({ capabilities: { IncludeEmptyEntriesInMessagePayload: true } });
      app.eventHub('metadata', { ...hub, handler: ${tellHandler} });`,
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
        triggerPartitionContext: context,
        partitionContext: context,
        partitionKeyArray: [42],
        offsetArray: [some(Number)],
        offsetStringArray: [some(Number)],
        sequenceNumberArray: [{ low: 0, high: 0, unsigned: false }],
        enqueuedTimeUtcArray: [time],
        propertiesArray: [{ 'diagnostic-Id': '00-aa-bb-01', nested: 1 }],
        systemPropertiesArray: [
          {
            'x-opt-sequence-number': 0,
            'x-opt-offset': some(String),
            'x-opt-enqueued-time': zonedTime,
            'x-opt-partition-key': '42',
            'message-id': 'm1',
            'content-type': 'application/json',
            sequenceNumber: 0,
            offset: some(Number),
            offsetString: some(String),
            partitionKey: '42',
            enqueuedTimeUtc: time,
          },
        ],
      },
    ]);
  },
);

it(
  holds('gives user properties as JSON: times without trailing zeros, bytes as base64', 'host.metadata-arrays'),
  async () => {
    const { host, lines, producer } = await startBench({
      code: `app.eventHub('metadata', { ...hub, handler: (bodies, context) => tell(context, context.triggerMetadata.propertiesArray[0]) });`,
    });
    await producer.sendBatch([
      {
        body: Buffer.from('a'),
        properties: {
          bytes: Buffer.from('00112233', 'hex'),
          number: 228,
          time: new Date('2026-11-21T08:15:28.120Z'),
          text: 'text',
          nothing: null,
          yes: true,
        },
      },
    ]);
    await host.drained();
    expect(lines.seen()).toEqual([
      { bytes: 'ABEiMw==', number: 228, time: '2026-11-21T08:15:28.12Z', text: 'text', nothing: null, yes: true },
    ]);
  },
);

it.each([
  ['no telemetry', {}, ''],
  [
    'Application Insights',
    { APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=00000000-0000-0000-0000-000000000000' },
    matching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
  ],
])(holds('gives the trace context of a host with %s', 'host.trace-parent'), async (_, settings, traceParent) => {
  const { host, lines } = await startBench({
    code: `app.eventHub('traced', { ...hub, handler: (bodies, context) => tell(context, context.traceContext.traceParent) });`,
    events: { 0: ['a'] },
    settings,
  });
  await host.drained();
  expect(lines.seen()).toEqual([traceParent]);
});
