import type { Area } from './behaviour';

export const functionsWorker = {
  title: 'Functions host: retries, checkpoints, workers',
  behaviours: {
    'host.retry-same-events': {
      does: 'A retry gives the same events with the same invocation id, one for each batch, also when the worker ends in between; `retryContext.retryCount` begins at 0.',
      ground: 'run',
    },
    'host.retry-exception': {
      does: "`retryContext.exception` has the message that ExceptionFormatter.cs writes (the types of both exceptions, the app's own stack) and the source System.Private.CoreLib.",
      ground: 'run',
    },
    'host.trace-parent': {
      does: 'The trace context has an empty `traceParent` when the host sends no telemetry.',
      ground: 'run',
    },
    'host.retry-whole-seconds': {
      does: 'Retry intervals are rounded to whole seconds.',
      ground: 'source',
      by: '`@azure/functions`',
    },
    'host.retries-used-up': {
      does: 'After the last retry the checkpoint moves on: the events are lost, without a dead letter.',
      ground: 'source',
    },
    'host.retry-without-end': {
      does: '`maxRetryCount: -1` retries as long as the batch fails, without a checkpoint for its partition; other partitions continue.',
      ground: 'run',
    },
    'host.no-retry-policy': {
      does: 'Without a retry policy the batch is given up after its first failure.',
      ground: 'source',
    },
    'host.exponential-backoff': {
      does: 'Exponential backoff adds a doubling wait, plus or minus 20%, to the minimum, up to the maximum.',
      ground: 'source',
    },
    'host.stop-without-checkpoint': {
      does: 'When the listener stops, running handlers end, no checkpoint is written for them, and their events are redelivered.',
      ground: 'source',
    },
    'host.cancelled-before-sent': {
      does: 'An invocation that is cancelled before it was sent never reaches a handler.',
      ground: 'source',
    },
    'host.partition-moved': {
      does: 'When a partition has moved to another owner, the batch in flight gets no checkpoint and is redelivered there.',
      ground: 'source',
    },
    'host.shared-partitions': {
      does: 'The instances of an app share the partitions, also after an instance joins or leaves.',
      ground: 'source',
    },
    'host.worker-death': {
      does: 'A worker that dies fails all its batches; a new worker is started and the batches are retried.',
      ground: 'run',
    },
    'host.uncaught-exception': {
      does: 'An uncaught exception or an unhandled rejection ends the worker.',
      ground: 'run',
    },
    'host.function-timeout': {
      does: '`functionTimeout` is the limit of one attempt; after it the whole worker is restarted, and all its batches fail.',
      ground: 'source',
    },
    'host.no-abort-signal': { does: 'No AbortSignal reaches a handler.', ground: 'source', by: '`@azure/functions`' },
    'host.terminate-grace': {
      does: 'At a shutdown the appTerminate hooks have 5 s; then the worker is killed.',
      ground: 'source',
    },
    'host.hooks': {
      does: 'Hooks run at the start, before and after an invocation, for log lines and at the end.',
      ground: 'source',
    },
    'host.result-serialised': {
      does: "A handler's result is sent to the host: if it cannot be serialised, the invocation fails after its work is done.",
      ground: 'run',
    },
    'host.throws-nothing': { does: 'A handler that throws undefined or null has succeeded.', ground: 'source' },
    'host.entry-point-fails': {
      does: 'An entry point that throws, or a `main` that names no file, leaves 0 functions; the platform reports no more, this host refuses to start.',
      ground: 'run',
    },
    'host.extension-bundle': {
      does: 'Without an extension bundle there is no Event Hubs trigger; this host refuses to start.',
      ground: 'documented',
    },
  },
} as const satisfies Area;
