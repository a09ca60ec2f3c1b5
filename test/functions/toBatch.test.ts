import { InvocationContext } from '@azure/functions';
import * as fc from 'fast-check';
import { complete, toBatch } from '../../functions/toBatch';

function contextOf(triggerMetadata: Record<string, unknown>, traceParent?: string): InvocationContext {
  return new InvocationContext({
    invocationId: 'i-1',
    triggerMetadata,
    ...(traceParent === undefined ? {} : { traceContext: { traceParent } }),
  });
}

/** As the worker hands it over: keys in camel case, sequence numbers as Long in one list and as numbers in another. */
const metadata = {
  partitionContext: {
    fullyQualifiedNamespace: 'contoso.servicebus.windows.net',
    eventHubName: 'insights-logs-advancedhunting-devicenetworkevents',
    consumerGroup: 'network-sessions',
    partitionId: '7',
    isCheckpointingAfterInvocation: true,
  },
  partitionKeyArray: ['', ''],
  offsetArray: ['4294967296', '4294968000'],
  sequenceNumberArray: [
    { low: 41, high: 1, unsigned: false },
    { low: 42, high: 1, unsigned: false },
  ],
  enqueuedTimeUtcArray: ['2026-11-21T08:15:28.188', '2026-11-21T08:15:29'],
  propertiesArray: [{}, {}],
  systemPropertiesArray: [
    { sequenceNumber: 4_294_967_337, offset: '4294967296' },
    { sequenceNumber: 4_294_967_338, offset: '4294968000' },
  ],
};

describe('toBatch', () => {
  test('has hub, partition, and each body with its sequence number and time', () => {
    const bodies = [Buffer.from('a'), Buffer.alloc(0)];
    expect(toBatch(bodies, contextOf(metadata))).toEqual({
      hub: 'insights-logs-advancedhunting-devicenetworkevents',
      partition: '7',
      invocationId: 'i-1',
      messages: [
        { body: bodies[0], sequenceNumber: '4294967337', enqueued: new Date('2026-11-21T08:15:28.188Z') },
        { body: bodies[1], sequenceNumber: '4294967338', enqueued: new Date('2026-11-21T08:15:29Z') },
      ],
      host: undefined,
      producers: [],
    });
  });

  // The Event Hubs SDKs write Diagnostic-Id, OpenTelemetry traceparent; the library changes the case of the first letter.
  test("has the host's span and, each once, the spans that sent the messages", () => {
    const [a, b] = ['00-11111111111111111111111111111111-2222222222222222-01', '00-3-4-00'];
    const propertiesArray = [
      { 'diagnostic-Id': a, other: 'x' },
      { traceparent: b },
      { 'diagnostic-Id': a },
      { traceparent: 5 },
    ];
    const batch = toBatch([], contextOf({ propertiesArray }, '00-5-6-01'));
    expect(batch).toMatchObject({ host: '00-5-6-01', producers: [a, b] });
  });

  test.each([
    ['2026-11-21T08:15:28', '2026-11-21T08:15:28.000Z'],
    ['2026-11-21T08:15:28Z', '2026-11-21T08:15:28.000Z'],
    ['2026-11-21T10:15:28+02:00', '2026-11-21T08:15:28.000Z'],
    ['never', undefined],
    [5, undefined],
  ])('reads the time %p as %p: without a zone it is UTC', (time, expected) => {
    const [message] = toBatch([Buffer.from('a')], contextOf({ enqueuedTimeUtcArray: [time] })).messages;
    expect(message?.enqueued?.toISOString()).toBe(expected);
  });

  test('reads a single body as a batch of one', () => {
    const [message, ...others] = toBatch(Buffer.from('a'), contextOf(metadata)).messages;
    expect([message?.body, message?.sequenceNumber, others]).toEqual([Buffer.from('a'), '4294967337', []]);
  });

  test('reads hub and partition from the key of newer hosts, too', () => {
    const { partitionContext: triggerPartitionContext, ...others } = metadata;
    const batch = complete(toBatch(Buffer.from('a'), contextOf({ ...others, triggerPartitionContext })));
    expect([batch.hub, batch.partition]).toEqual(['insights-logs-advancedhunting-devicenetworkevents', '7']);
    const both = { ...metadata, triggerPartitionContext: { eventHubName: 'other', partitionId: '8' } };
    expect(complete(toBatch(Buffer.from('a'), contextOf(both))).partition).toBe('7');
  });

  test('holds a batch without sequence numbers: two records could not be told apart', () => {
    const two = [Buffer.from('a'), Buffer.from('b')];
    for (const systemPropertiesArray of [undefined, [], [{ sequenceNumber: 1 }], [{ sequenceNumber: 1 }, {}]]) {
      const batch = toBatch(two, contextOf({ ...metadata, systemPropertiesArray }));
      expect(() => complete(batch)).toThrow('did not pass the sequence number of each message (systemPropertiesArray)');
    }
  });

  test.each([
    [undefined, 'the hub (partitionContext.eventHubName), the partition (partitionContext.partitionId)'],
    [{ eventHubName: 'hub' }, 'the partition (partitionContext.partitionId)'],
    [{ eventHubName: 'hub', partitionId: '' }, 'the partition (partitionContext.partitionId)'],
    [{ partitionId: '0' }, 'the hub (partitionContext.eventHubName)'],
    [{ partitionId: '0', eventHubName: { name: 'hub' } }, 'the hub (partitionContext.eventHubName)'],
  ])('holds a batch without hub or partition, as with %j: all partitions would share one ledger', (given, missing) => {
    const batch = toBatch(Buffer.from('a'), contextOf({ ...metadata, partitionContext: given }));
    expect(() => complete(batch)).toThrow(`The Functions host did not pass ${missing}; `);
  });

  test('keeps every body with its sequence number, or holds the batch when one has none', () => {
    const broken = fc.record(
      {
        partitionContext: fc.anything(),
        systemPropertiesArray: fc.anything(),
        enqueuedTimeUtcArray: fc.anything(),
        propertiesArray: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 4 }), { maxLength: 4 }), broken, (bodies, triggerMetadata) => {
        let batch: ReturnType<typeof toBatch>;
        try {
          batch = complete(toBatch(bodies, contextOf(triggerMetadata)));
        } catch (error) {
          expect(error).toMatchObject({ code: 'IncompleteTrigger' });
          return;
        }
        expect(batch.messages.map(({ body }) => body)).toEqual(bodies);
        for (const text of [batch.hub, batch.partition, ...batch.messages.map((message) => message.sequenceNumber)]) {
          expect(typeof text).toBe('string');
        }
      }),
    );
  });
});
