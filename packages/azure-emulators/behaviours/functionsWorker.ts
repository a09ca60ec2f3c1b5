import type { Area } from './behaviour';

export const functionsWorker = {
  title: 'Functions host: retries, checkpoints, workers',
  behaviours: {
    'host.retry-same-events': {
      does: 'A retry gives the same events with the same invocation id, which is made once for a batch, also when the worker ends in between; `retryContext.retryCount` begins at 0.',
      ground: 'run',
    },
    'host.retry-exception': {
      does: "`retryContext.exception` has the message of ExceptionFormatter.cs, the types of both exceptions and the app's own stack in it, and the source System.Private.CoreLib.",
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
      does: 'After the last retry the checkpoint moves on: the events are gone, there is no dead letter.',
      ground: 'source',
    },
    'host.retry-without-end': {
      does: '`maxRetryCount: -1` holds the partition without a checkpoint for as long as its batch fails; other partitions go on.',
      ground: 'run',
    },
    'host.no-retry-policy': { does: 'Without a retry policy the first failure is the last.', ground: 'source' },
    'host.exponential-backoff': {
      does: 'Exponential backoff doubles what it adds to the minimum, 20% off at most, up to the maximum.',
      ground: 'source',
    },
    'host.stop-without-checkpoint': {
      does: 'When the listener stops, running handlers end, no checkpoint is written for them, and their events come again.',
      ground: 'source',
    },
    'host.cancelled-before-sent': {
      does: 'An invocation that is cancelled before it was sent never reaches a handler.',
      ground: 'source',
    },
    'host.partition-moved': {
      does: 'When a partition has moved to another owner, the batch in flight gets no checkpoint and comes again there.',
      ground: 'source',
    },
    'host.shared-partitions': {
      does: 'The instances of an app share the partitions, and share them anew when one joins or leaves.',
      ground: 'source',
    },
    'host.worker-death': {
      does: 'A worker that dies fails everything that it had; a new one is started and the batches are tried again.',
      ground: 'run',
    },
    'host.uncaught-exception': {
      does: 'An uncaught exception or an unhandled rejection ends the worker.',
      ground: 'run',
    },
    'host.function-timeout': {
      does: '`functionTimeout` counts for one attempt; when it is over the whole worker is restarted, with everything that it had.',
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
      does: "A handler's result travels back to the host: one that cannot be serialised fails the invocation after its work is done.",
      ground: 'run',
    },
    'host.throws-nothing': { does: 'A handler that throws undefined or null has succeeded.', ground: 'source' },
    'host.entry-point-fails': {
      does: 'An entry point that throws, or a `main` that matches no file, leaves 0 functions; the platform says no more, this host refuses to start.',
      ground: 'run',
    },
    'host.extension-bundle': {
      does: 'Without an extension bundle there is no Event Hubs trigger; this host refuses to start.',
      ground: 'documented',
    },
  },
} as const satisfies Area;
