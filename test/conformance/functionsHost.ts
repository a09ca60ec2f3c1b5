import type { Area } from './behaviour';

const delivery = 'local/host/delivery.test.ts';
const worker = 'local/host/worker.test.ts';
const metadata = 'local/host/metadata.test.ts';
const hostJson = 'local/host/hostJson.test.ts';
const library = '`@azure/functions`';

export const functionsHost: Area = {
  title: 'Functions host: what a handler sees, and what host.json says',
  behaviours: [
    {
      does: "With `dataType: 'binary'` a handler gets the bodies byte for byte.",
      ground: 'run',
      held: [[delivery, 'delivers binary bodies byte for byte, in order, and checkpoints them']],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "if (trigger.dataType === 'binary') return { collectionBytes: { bytes: bodies } };",
          to: "if (trigger.dataType === 'binary') return { collectionBytes: { bytes: bodies.map((body) => Buffer.from(body.toString())) } };",
        },
      ],
    },
    {
      does: 'With binary bodies, empty ones are kept.',
      ground: 'run',
      held: [[delivery, 'keeps empty bodies with dataType binary']],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "if (trigger.dataType === 'binary') return { collectionBytes: { bytes: bodies } };",
          to: "if (trigger.dataType === 'binary') return { collectionBytes: { bytes: bodies.filter((body) => body.length > 0) } };",
        },
      ],
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
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "bodies.map((body) => body.toString('utf8')),",
          to: "bodies.map((body) => body.toString('latin1')),",
        },
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
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: 'throw new Error(`Exception binding parameter: event ${index} is no JSON, which fails the whole batch.`);',
          to: "return 'null';",
        },
      ],
    },
    {
      does: 'Without a dataType, ISO dates inside the bodies are rewritten.',
      ground: 'run',
      held: [
        [delivery, 'rewrites ISO dates if there is no dataType'],
        ['local/host/triggerData.test.ts', 'rewrites "%s" as "%s"'],
      ],
      mutants: [{ file: 'host/json.ts', from: "typeof value === 'string' ? rewriteDate(value) : value", to: 'value' }],
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
      mutants: [
        { file: 'host/batch.ts', from: 'length + 1, 1) > longest;', to: 'length + 1, 1) > Number.POSITIVE_INFINITY;' },
      ],
    },
    {
      does: 'Empty texts and missing partition keys are dropped, so that bodies and metadata go out of step, unless the app has the capability IncludeEmptyEntriesInMessagePayload.',
      ground: 'run',
      held: [[delivery, 'drops empty texts and missing keys unless the app asks for them: $capability']],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "includeEmpty ? values : values.filter((value) => value !== '')",
          to: 'values',
        },
        {
          file: 'host/start.ts',
          from: "includeEmptyEntries: (app.capabilities[INCLUDE_EMPTY_ENTRIES] ?? '').trim() !== '',",
          to: 'includeEmptyEntries: false,',
        },
      ],
    },
    {
      does: 'Metadata comes as parallel arrays; keys are camel-cased at every depth, those of user properties too; sequence numbers are pairs of 32-bit halves.',
      ground: 'run',
      held: [
        [metadata, 'presents the metadata of a batch as the library makes it from the host'],
        ['local/host/triggerData.test.ts', 'splits every sequence number into the halves that protobuf.js would make'],
      ],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: 'SequenceNumberArray: { collectionSint64: { sint64: events.map((event) => toLong(event.sequenceNumber)) } },',
          to: 'SequenceNumberArray: json(events.map((event) => event.sequenceNumber)),',
        },
        {
          file: 'host/triggerData.ts',
          from: 'low: Number(BigInt.asIntN(32, bits)),',
          to: 'low: Number(BigInt.asUintN(32, bits)),',
        },
      ],
    },
    {
      does: 'Newer hosts give the partition twice, as `triggerPartitionContext` and as `partitionContext`.',
      ground: 'run',
      held: [
        [metadata, 'presents the metadata of a batch as the library makes it from the host'],
        [metadata, 'presents the metadata of a single event without arrays'],
      ],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: '{ TriggerPartitionContext: context, PartitionContext: context }',
          to: '{ PartitionContext: context }',
        },
      ],
    },
    {
      does: 'User properties of .NET types come as texts and numbers: guid, decimal, char, uri, TimeSpan, DateTimeOffset, times and bytes.',
      ground: 'run',
      held: [[metadata, 'presents user properties of .NET types as texts and numbers']],
      mutants: [
        {
          file: 'host/userProperties.ts',
          from: 'if (Buffer.isBuffer(value)) typeOfBytes.set(value, name);',
          to: '',
        },
        { file: 'host/userProperties.ts', from: 'if (Buffer.isBuffer(value)) return bytesAsDotNet(value);', to: '' },
      ],
    },
    {
      does: 'Enqueued times have no zone; they are UTC.',
      ground: 'run',
      held: [[metadata, 'presents the metadata of a batch as the library makes it from the host']],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "return time.toISOString().replace(/\\.?0*Z$/, '');",
          to: 'return time.toISOString();',
        },
      ],
    },
    {
      does: 'Two user properties that differ only in their first capital become one: the last wins.',
      ground: 'run',
      held: [
        [
          'local/host/library.test.ts',
          'shows the handler the last of two user properties that differ in their first capital: %j',
        ],
      ],
      by: library,
    },
    {
      does: '`main` in package.json is a glob.',
      ground: 'source',
      held: [['local/host/globs.test.ts', 'matches %s']],
      mutants: [
        {
          file: 'host/worker/globs.ts',
          from: "if (token === '*') return '[^/]*';",
          to: "if (token === '*') return '.*';",
        },
      ],
    },
    {
      does: 'The worker gives `@azure/functions-core` through `require`; it exists nowhere on disk.',
      ground: 'source',
      held: [[worker, 'gives the app its settings, its folder and the worker API, and nothing else of this process']],
      mutants: [
        {
          file: 'host/worker/coreModule.ts',
          from: "parameters[0] === '@azure/functions-core' ? core",
          to: "parameters[0] === '@azure/functions-other' ? core",
        },
      ],
    },
    {
      does: 'Outside a worker, registering only warns.',
      ground: 'run',
      held: [
        [
          'local/host/library.test.ts',
          'only warns when a function is registered outside a worker, so that handlers can be imported',
        ],
      ],
      by: library,
    },
    {
      does: 'Defaults of `extensions.eventHubs`: batches of 1 to 100, 300 prefetched, a checkpoint after each, 60 s of waiting, from the start.',
      ground: 'source',
      held: [[hostJson, 'has the platform’s defaults']],
      mutants: [
        {
          file: 'host/eventHubsSettings.ts',
          from: "prefetchCount: { kind: 'integer', default: 300, least: 0 },",
          to: "prefetchCount: { kind: 'integer', default: 301, least: 0 },",
        },
      ],
    },
    {
      does: 'A batch never has more events than maxEventBatchSize.',
      ground: 'source',
      held: [[delivery, 'never delivers more than maxEventBatchSize events at once']],
      mutants: [
        {
          file: 'host/listener.ts',
          from: "maxBatchSize: trigger.cardinality === 'one' ? 1 : eventHubs.maxEventBatchSize,",
          to: 'maxBatchSize: 1000,',
        },
      ],
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
          'local/host/minimumBatches.test.ts',
          'events fewer than the least wait until there are enough; those of the first batch do not',
        ],
      ],
      mutants: [
        {
          file: 'host/minimumBatches.ts',
          from: 'if (this.#held.length >= this.#options.least) {',
          to: 'if (this.#held.length >= 1) {',
        },
      ],
    },
    {
      does: 'A checkpoint is written every batchCheckpointFrequency batches, and the handler is told which.',
      ground: 'source',
      held: [[delivery, 'checkpoints every batchCheckpointFrequency batches, and tells the handler which']],
      mutants: [
        {
          file: 'host/partition.ts',
          from: 'const isCheckpointingAfterInvocation = this.#batchesSinceCheckpoint >= this.#frequency;',
          to: 'const isCheckpointingAfterInvocation = true;',
        },
      ],
    },
    {
      does: 'A partition without a checkpoint is read from the start, from the end, or from a time, as initialOffsetOptions say.',
      ground: 'source',
      held: [
        [delivery, 'starts at the end if initialOffsetOptions say so'],
        [delivery, 'starts at a time if initialOffsetOptions say so: %s'],
      ],
      mutants: [
        {
          file: 'host/positions.ts',
          from: 'sequenceNumber === undefined ? earliestEventPosition : { sequenceNumber, isInclusive: false }',
          to: 'earliestEventPosition',
        },
        {
          file: 'host/positions.ts',
          from: "if (start.type === 'time') return { enqueuedOn: start.enqueuedUtc };",
          to: '',
        },
      ],
    },
    {
      does: 'Each partition has one batch in flight; the partitions of an instance run side by side in one Node process.',
      ground: 'source',
      held: [[delivery, 'has one batch in flight for each partition, and partitions side by side']],
      mutants: [
        {
          file: 'host/partition.ts',
          from: '      await this.#dispatch(events);',
          to: '      void this.#dispatch(events);',
        },
      ],
    },
    {
      does: "With `cardinality: 'one'` a handler gets one event.",
      ground: 'source',
      held: [[delivery, 'delivers one event at a time with cardinality one']],
      mutants: [
        {
          file: 'host/triggerData.ts',
          from: "  if (trigger.cardinality === 'one') {",
          to: "  if (trigger.dataType === 'string') {",
        },
      ],
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
