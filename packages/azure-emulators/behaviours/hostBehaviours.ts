import type { Area } from './behaviour';

export const functionsHost = {
  title: 'Functions host: what a handler sees, and what host.json says',
  behaviours: {
    'host.binary-bodies': { does: "With `dataType: 'binary'` a handler gets the bodies unchanged.", ground: 'run' },
    'host.binary-empty-bodies': { does: 'With binary bodies, empty ones are kept.', ground: 'run' },
    'host.string-bodies': {
      does: "With `dataType: 'string'` the library parses every body that looks like JSON: long integers lose digits, bytes that are not UTF-8 are damaged.",
      ground: 'run',
      because: 'The host refuses to start unless `dataType` is `binary`.',
    },
    'host.json-bodies': {
      does: 'Without a dataType the host parses every body: one that is not JSON fails the whole batch before the handler is called, and the checkpoint moves on.',
      ground: 'source',
      because: 'The host refuses to start unless `dataType` is `binary`.',
    },
    'host.json-dates': {
      does: 'Without a dataType, ISO dates inside the bodies are rewritten.',
      ground: 'run',
      because: 'The host refuses to start unless `dataType` is `binary`.',
    },
    'host.json-too-long': {
      does: 'Without a dataType, a batch whose JSON is longer than a string of V8 (about 512 MiB) ends the worker.',
      ground: 'run',
      because: 'The host refuses to start unless `dataType` is `binary`.',
    },
    'host.empty-entries': {
      does: 'Missing partition keys (and empty texts) are dropped, so that arrays differ in length, unless the app has the capability IncludeEmptyEntriesInMessagePayload.',
      ground: 'run',
    },
    'host.metadata-arrays': {
      does: 'Metadata comes as parallel arrays; keys are camel-cased at every depth, those of user properties too; sequence numbers are pairs of 32-bit halves.',
      ground: 'run',
    },
    'host.partition-context': {
      does: 'Newer hosts give the partition twice, as `triggerPartitionContext` and as `partitionContext`.',
      ground: 'run',
    },
    'host.user-properties': {
      does: 'User properties of .NET types come as texts and numbers: guid, decimal, char, uri, TimeSpan, DateTimeOffset, times and bytes.',
      ground: 'run',
      because: 'Only texts, numbers, times and bytes are converted.',
    },
    'host.enqueued-times': { does: 'Enqueued times have no zone; they are UTC.', ground: 'run' },
    'host.property-first-capital': {
      does: 'Two user properties that differ only in their first capital become one: the last wins.',
      ground: 'run',
      by: '`@azure/functions`',
    },
    'host.main-glob': {
      does: '`main` in package.json is a glob.',
      ground: 'source',
      because: '`main` must name one file.',
    },
    'host.core-module': {
      does: 'The worker gives `@azure/functions-core` through `require`; it exists nowhere on disk.',
      ground: 'source',
    },
    'host.register-outside-worker': {
      does: 'Outside a worker, registering only warns.',
      ground: 'run',
      by: '`@azure/functions`',
    },
    'host.defaults': {
      does: 'Defaults of `extensions.eventHubs`: batches of 1 to 100 events, 300 prefetched, a checkpoint after each batch, from the start.',
      ground: 'source',
    },
    'host.max-batch-size': { does: 'A batch never has more events than maxEventBatchSize.', ground: 'source' },
    'host.min-batch-size': {
      does: 'Fewer events than minEventBatchSize wait for more until maxWaitTime; with the default of 1 nothing waits.',
      ground: 'source',
      because: 'A batch holds the events that have arrived; the host warns of a value above 1.',
    },
    'host.checkpoint-frequency': {
      does: 'A checkpoint is written every batchCheckpointFrequency batches, and the trigger says whether one follows the batch.',
      ground: 'source',
      because: 'A checkpoint is written after each batch; the host warns of a value above 1.',
    },
    'host.initial-offset': {
      does: 'A partition without a checkpoint is read from the start, from the end, or from a time, as initialOffsetOptions say.',
      ground: 'source',
      because: 'The host always reads from the start, and warns of other values.',
    },
    'host.one-batch-per-partition': {
      does: 'Each partition has one batch in flight; the partitions of an instance run in parallel in one Node process.',
      ground: 'source',
    },
    'host.cardinality-one': {
      does: "With `cardinality: 'one'` a handler gets one event.",
      ground: 'source',
      because: 'The host refuses to start unless `cardinality` is `many`.',
    },
    'host.old-model': {
      does: 'A folder with a function.json right below the app makes it an app of the old model.',
      ground: 'source',
      because: 'The host supports the v4 programming model only.',
    },
    'host.scaling': {
      does: 'The platform scales by targetUnprocessedEventThreshold.',
      ground: 'documented',
      because: 'The caller scales with `scale(n)`; load does not.',
    },
  },
} as const satisfies Area;
