import type { Area } from './behaviour';

const retry = 'host/retry.test.ts';
const worker = 'host/worker.test.ts';
const lifecycle = 'host/lifecycle.test.ts';
const start = 'host/start.test.ts';
const library = '`@azure/functions`';

export const functionsWorker: Area = {
  title: 'Functions host: retries, checkpoints, workers',
  behaviours: [
    {
      does: 'A retry gives the same events with the same invocation id, which is made once for a batch, also when the worker ends in between; `retryContext.retryCount` begins at 0.',
      ground: 'run',
      held: [
        [retry, 'retries the same batch with the same invocation id, then gives it up and says so'],
        [retry, 'keeps the invocation id of a batch when the worker ends and a new one gets the batch'],
        [retry, 'gives another batch another invocation id'],
      ],
    },
    {
      does: "`retryContext.exception` has the message of ExceptionFormatter.cs, the types of both exceptions and the app's own stack in it, and the source System.Private.CoreLib.",
      ground: 'run',
      held: [[retry, 'tells the next attempt what the last one failed with as .NET writes it']],
    },
    {
      does: 'The trace context has an empty `traceParent` when the host sends no telemetry.',
      ground: 'run',
      held: [['host/metadata.test.ts', 'gives the trace context of a host with %s']],
    },
    {
      does: 'Retry intervals are rounded to whole seconds.',
      ground: 'source',
      held: [[retry, 'retries the same batch with the same invocation id, then gives it up and says so']],
      by: library,
    },
    {
      does: 'After the last retry the checkpoint moves on: the events are gone, there is no dead letter.',
      ground: 'source',
      held: [[retry, 'retries the same batch with the same invocation id, then gives it up and says so']],
    },
    {
      does: '`maxRetryCount: -1` holds the partition without a checkpoint for as long as its batch fails; other partitions go on.',
      ground: 'run',
      held: [[retry, 'holds one partition for as long as its batch fails, without a checkpoint, while others go on']],
    },
    {
      does: 'Without a retry policy the first failure is the last.',
      ground: 'source',
      held: [[retry, 'gives a batch up at its first failure if there is no retry policy']],
    },
    {
      does: 'Exponential backoff doubles what it adds to the minimum, 20% off at most, up to the maximum.',
      ground: 'source',
      held: [['host/retryPolicy.test.ts', 'doubles what it adds to the minimum, up to the maximum, and stays there']],
    },
    {
      does: 'When the listener stops, running handlers end, no checkpoint is written for them, and their events come again.',
      ground: 'source',
      held: [
        [
          lifecycle,
          'lets a running handler end when it stops, writes no checkpoint for it, and delivers it again next time',
        ],
      ],
    },
    {
      does: 'An invocation that is cancelled before it was sent never reaches a handler.',
      ground: 'source',
      held: [[lifecycle, 'cancels an invocation that waits for a worker when the host stops']],
    },
    {
      does: 'When a partition has moved to another owner, the batch in flight gets no checkpoint and comes again there.',
      ground: 'source',
      held: [
        ['host/scale.test.ts', 'delivers a batch again whose partition is taken away while it is in flight'],
        [
          'host/scale.test.ts',
          'gives way to another host that takes its partition in the shared folder, and takes it back when that one is silent',
        ],
      ],
    },
    {
      does: 'The instances of an app share the partitions, and share them anew when one joins or leaves.',
      ground: 'source',
      held: [
        ['host/scale.test.ts', 'shares the partitions among instances, and shares them anew when one joins or leaves'],
      ],
    },
    {
      does: 'A worker that dies fails everything that it had; a new one is started and the batches are tried again.',
      ground: 'run',
      held: [[worker, 'ends the worker on %s, retries what it had and starts a new one']],
    },
    {
      does: 'An uncaught exception or an unhandled rejection ends the worker.',
      ground: 'run',
      held: [[worker, 'ends the worker on %s, retries what it had and starts a new one']],
    },
    {
      does: '`functionTimeout` counts for one attempt; when it is over the whole worker is restarted, with everything that it had.',
      ground: 'source',
      held: [[worker, 'fails the attempt that exceeds functionTimeout, and everything else that its worker had']],
    },
    {
      does: 'No AbortSignal reaches a handler.',
      ground: 'source',
      held: [[worker, 'gives the handler no signal, neither in its context nor when the host stops while it runs']],
      by: library,
    },
    {
      does: 'At a shutdown the appTerminate hooks have 5 s; then the worker is killed.',
      ground: 'source',
      held: [[worker, 'kills a worker whose appTerminate hooks do not end in time']],
    },
    {
      does: 'Hooks run at the start, before and after an invocation, for log lines and at the end.',
      ground: 'source',
      held: [[worker, 'runs the hooks: start, before and after an invocation, for logs, and at the end']],
    },
    {
      does: "A handler's result travels back to the host: one that cannot be serialised fails the invocation after its work is done.",
      ground: 'run',
      held: [[worker, 'fails an invocation whose result cannot be serialised, though its work is done']],
    },
    {
      does: 'A handler that throws undefined or null has succeeded.',
      ground: 'source',
      held: [[worker, 'fails for whatever a handler throws but for nothing at all']],
    },
    {
      does: 'An entry point that throws, or a `main` that matches no file, leaves 0 functions; the platform says no more, this host refuses to start.',
      ground: 'run',
      held: [
        [start, 'refuses to start with %s'],
        [start, 'shows the message and the stack of an entry point that throws'],
      ],
    },
    {
      does: 'Without an extension bundle there is no Event Hubs trigger; this host refuses to start.',
      ground: 'documented',
      held: [[start, 'refuses to start with %s']],
    },
  ],
};
