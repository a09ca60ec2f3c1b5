import type { Area } from './behaviour';

const delivery = 'host/delivery.test.ts';
const worker = 'host/worker.test.ts';
const metadata = 'host/metadata.test.ts';
const hostJson = 'host/hostJson.test.ts';
const library = '`@azure/functions`';

export const functionsHost: Area = {
  title: 'Functions host: what a handler sees, and what host.json says',
  behaviours: [
    {
      does: "With `dataType: 'binary'` a handler gets the bodies byte for byte.",
      ground: 'run',
      held: [[delivery, 'delivers binary bodies byte for byte, in order, and checkpoints them']],
    },
    {
      does: 'With binary bodies, empty ones are kept.',
      ground: 'run',
      held: [[delivery, 'keeps empty bodies with dataType binary']],
    },
    {
      does: "With `dataType: 'string'` the library parses every body that looks like JSON: long integers lose digits, bytes that are no UTF-8 are damaged.",
      ground: 'run',
      held: [
        [
          delivery,
          'lets the library parse texts as JSON with dataType string, which damages large integers and bad UTF-8',
        ],
      ],
    },
    {
      does: 'Without a dataType the host parses every body: one that is no JSON fails the whole batch before the handler is called, and the checkpoint moves on.',
      ground: 'source',
      held: [
        [
          delivery,
          'fails the whole batch inside the host, without calling the handler, if one body is no JSON and there is no dataType',
        ],
      ],
    },
    {
      does: 'Without a dataType, ISO dates inside the bodies are rewritten.',
      ground: 'run',
      held: [
        [delivery, 'rewrites ISO dates if there is no dataType'],
        ['host/triggerData.test.ts', 'rewrites "%s" as "%s"'],
      ],
    },
    {
      does: 'Without a dataType, a batch whose JSON is longer than a string of V8 (about 512 MiB) ends the worker.',
      ground: 'run',
      held: [
        [
          worker,
          'loses its worker to a batch without dataType that is longer than a string can be, whatever the handler does',
        ],
      ],
    },
    {
      does: 'Empty texts and missing partition keys are dropped, so that bodies and metadata go out of step, unless the app has the capability IncludeEmptyEntriesInMessagePayload.',
      ground: 'run',
      held: [[delivery, 'drops empty texts and missing keys unless the app asks for them: $capability']],
    },
    {
      does: 'Metadata comes as parallel arrays; keys are camel-cased at every depth, those of user properties too; sequence numbers are pairs of 32-bit halves.',
      ground: 'run',
      held: [
        [metadata, 'presents the metadata of a batch as the library makes it from the host'],
        ['host/triggerData.test.ts', 'splits every sequence number into the halves that protobuf.js would make'],
      ],
    },
    {
      does: 'Newer hosts give the partition twice, as `triggerPartitionContext` and as `partitionContext`.',
      ground: 'run',
      held: [
        [metadata, 'presents the metadata of a batch as the library makes it from the host'],
        [metadata, 'presents the metadata of a single event without arrays'],
      ],
    },
    {
      does: 'User properties of .NET types come as texts and numbers: guid, decimal, char, uri, TimeSpan, DateTimeOffset, times and bytes.',
      ground: 'run',
      held: [[metadata, 'presents user properties of .NET types as texts and numbers']],
    },
    {
      does: 'Enqueued times have no zone; they are UTC.',
      ground: 'run',
      held: [[metadata, 'presents the metadata of a batch as the library makes it from the host']],
    },
    {
      does: 'Two user properties that differ only in their first capital become one: the last wins.',
      ground: 'run',
      held: [
        [
          'host/library.test.ts',
          'shows the handler the last of two user properties that differ in their first capital: %j',
        ],
      ],
      by: library,
    },
    {
      does: '`main` in package.json is a glob.',
      ground: 'source',
      held: [['host/globs.test.ts', 'matches %s']],
    },
    {
      does: 'The worker gives `@azure/functions-core` through `require`; it exists nowhere on disk.',
      ground: 'source',
      held: [[worker, 'gives the app its settings, its folder and the worker API, and nothing else of this process']],
    },
    {
      does: 'Outside a worker, registering only warns.',
      ground: 'run',
      held: [
        [
          'host/library.test.ts',
          'only warns when a function is registered outside a worker, so that handlers can be imported',
        ],
      ],
      by: library,
    },
    {
      does: 'Defaults of `extensions.eventHubs`: batches of 1 to 100, 300 prefetched, a checkpoint after each, 60 s of waiting, from the start.',
      ground: 'source',
      held: [[hostJson, 'has the platform’s defaults']],
    },
    {
      does: 'A batch never has more events than maxEventBatchSize.',
      ground: 'source',
      held: [[delivery, 'never delivers more than maxEventBatchSize events at once']],
    },
    {
      does: 'Fewer events than minEventBatchSize wait for company until maxWaitTime; with the default of 1 nothing waits.',
      ground: 'source',
      held: [
        [
          delivery,
          'holds fewer events than minEventBatchSize back until maxWaitTime, but not those of the first batch',
        ],
        [
          'host/minimumBatches.test.ts',
          'events fewer than the least wait until there are enough; those of the first batch do not',
        ],
      ],
    },
    {
      does: 'A checkpoint is written every batchCheckpointFrequency batches, and the handler is told which.',
      ground: 'source',
      held: [[delivery, 'checkpoints every batchCheckpointFrequency batches, and tells the handler which']],
    },
    {
      does: 'A partition without a checkpoint is read from the start, from the end, or from a time, as initialOffsetOptions say.',
      ground: 'source',
      held: [
        [delivery, 'starts at the end if initialOffsetOptions say so'],
        [delivery, 'starts at a time if initialOffsetOptions say so: %s'],
      ],
    },
    {
      does: 'Each partition has one batch in flight; the partitions of an instance run side by side in one Node process.',
      ground: 'source',
      held: [[delivery, 'has one batch in flight for each partition, and partitions side by side']],
    },
    {
      does: "With `cardinality: 'one'` a handler gets one event.",
      ground: 'source',
      held: [[delivery, 'delivers one event at a time with cardinality one']],
    },
    {
      does: 'A folder with a function.json right below the app makes it an app of the old model.',
      ground: 'source',
      because: 'This app has none; the host here knows the new model only.',
    },
    {
      does: 'The platform scales by targetUnprocessedEventThreshold.',
      ground: 'documented',
      because: 'Scaling is asked for (`scale(n)`), not decided by load.',
    },
  ],
};
