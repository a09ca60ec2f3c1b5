import { holds } from '../holds';
import { types } from './kit/amqpTypes';
import { clean, startBench } from './kit/bench';
import { matching, some } from './kit/matchers';

afterEach(clean);

const time = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?$/);
const zonedTime = matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?\+00:00$/);
const described = (name: string, value: unknown): unknown => types.described_nc(types.wrap_symbol(name), value);

/** .NET counts time in tenths of a microsecond. */
function ticks(count: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(count);
  return bytes;
}

const tellHandler = `(bodies, context) => tell(context, { trigger: context.options.trigger.type, ...context.triggerMetadata })`;

// EventHubTriggerBindingStrategy.cs makes the values, fromRpcTriggerMetadata.ts and toCamelCase.ts of the library rename
// and parse them: offsets become numbers, sequence numbers stay halves, user properties lose their first capital.
it(
  holds(
    'presents the metadata of a batch as the library makes it from the host',
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

// Seen on host 4.1037: user properties of .NET's types come as Json.NET writes them. The bytes are those of the AMQP type
// system, the texts are worked out by hand.
it(holds('presents user properties of .NET types as texts and numbers', 'host.user-properties'), async () => {
  const { host, lines, producer } = await startBench({
    code: `app.eventHub('metadata', { ...hub, handler: (bodies, context) => tell(context, context.triggerMetadata.propertiesArray[0]) });`,
  });
  await producer.sendBatch([
    {
      body: Buffer.from('a'),
      properties: {
        guid: types.wrap_uuid(Buffer.from('00112233445566778899aabbccddeeff', 'hex')),
        bytes: Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
        // Exponent -2, coefficient 12345; the exponent is biased by 6176 (IEEE 754, decimal128).
        decimal: types.Decimal128(Buffer.from('303c0000000000000000000000003039', 'hex')),
        negative: types.Decimal128(Buffer.from('b0400000000000000000000000000007', 'hex')),
        char: types.wrap_char(0xe4),
        number: 228,
        time: new Date('2026-11-21T08:15:28.120Z'),
        long: types.wrap_long(Buffer.from('7fffffffffffffff', 'hex')),
        unsigned: types.wrap_ulong(Buffer.from('8000000000000000', 'hex')),
        nan: types.wrap_double(Number.NaN),
        symbol: types.wrap_symbol('symbol'),
        uri: described('com.microsoft:uri', types.wrap_string('https://contoso.example/a?b=1')),
        span: described('com.microsoft:timespan', types.wrap_long(ticks(93_784_005_0000n))),
        negativeSpan: described('com.microsoft:timespan', types.wrap_long(ticks(-600_000_000n))),
        offset: described('com.microsoft:datetime-offset', types.wrap_long(ticks(638_993_097_281_200_000n))),
        text: 'text',
        nothing: null,
        yes: true,
      },
    },
  ]);
  await host.drained();
  expect(lines.seen()).toEqual([
    {
      guid: '00112233-4455-6677-8899-aabbccddeeff',
      bytes: 'ABEiM0RVZneImaq7zN3u/w==',
      decimal: 123.45,
      negative: -7,
      char: 'ä',
      number: 228,
      time: '2026-11-21T08:15:28.12Z',
      long: Number('9223372036854775807'),
      unsigned: Number('9223372036854775808'),
      nan: 'NaN',
      symbol: 'symbol',
      uri: 'https://contoso.example/a?b=1',
      span: '1.02:03:04.0050000',
      negativeSpan: '-00:01:00',
      offset: '2025-11-21T08:15:28.12+00:00',
      text: 'text',
      nothing: null,
      yes: true,
    },
  ]);
});

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
