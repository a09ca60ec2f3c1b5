import type { Area } from './behaviour';

const retry = 'local/host/retry.test.ts';
const worker = 'local/host/worker.test.ts';
const lifecycle = 'local/host/lifecycle.test.ts';
const start = 'local/host/start.test.ts';
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
      mutants: [
        {
          file: 'host/batch.ts',
          from: 'const outcome = await attempt(runtime, instance, invocationId,',
          to: 'const outcome = await attempt(runtime, instance, randomUUID(),',
        },
        {
          file: 'host/batch.ts',
          from: 'const invocationId = randomUUID();',
          to: 'const invocationId = `${partition.partitionId}`;',
        },
        { file: 'host/batch.ts', from: 'for (let retryCount = 0; ;', to: 'for (let retryCount = 1; ;' },
      ],
    },
    {
      does: "`retryContext.exception` has the message of ExceptionFormatter.cs, the types of both exceptions and the app's own stack in it, and the source System.Private.CoreLib.",
      ground: 'run',
      held: [[retry, 'tells the next attempt what the last one failed with as .NET writes it']],
      mutants: [
        {
          file: 'host/failure.ts',
          from: 'const inner = `${type} : ${message}`;',
          to: 'const inner = message;',
        },
        { file: 'host/failure.ts', from: "source: 'System.Private.CoreLib',", to: "source: ''," },
      ],
    },
    {
      does: 'The trace context has an empty `traceParent` when the host sends no telemetry.',
      ground: 'run',
      held: [['local/host/metadata.test.ts', 'gives the trace context of a host with %s']],
      mutants: [{ file: 'host/batch.ts', from: 'traceParent: host.hasTelemetry', to: 'traceParent: host.log' }],
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
      mutants: [
        {
          file: 'host/partition.ts',
          from: "if (verdict === 'cancelled' || last === undefined) return;",
          to: "if (verdict !== 'succeeded' || last === undefined) return;",
        },
      ],
    },
    {
      does: '`maxRetryCount: -1` holds the partition without a checkpoint for as long as its batch fails; other partitions go on.',
      ground: 'run',
      held: [[retry, 'holds one partition for as long as its batch fails, without a checkpoint, while others go on']],
      mutants: [
        {
          file: 'host/batch.ts',
          from: 'policy.maxRetryCount >= 0 && retryCount >= policy.maxRetryCount',
          to: 'retryCount >= policy.maxRetryCount',
        },
      ],
    },
    {
      does: 'Without a retry policy the first failure is the last.',
      ground: 'source',
      held: [[retry, 'gives a batch up at its first failure if there is no retry policy']],
      mutants: [
        {
          file: 'host/batch.ts',
          from: 'const nextDelay = policy === undefined ? undefined : retryDelays(policy, () => runtime.host.faults.random());',
          to: "const nextDelay = retryDelays(policy ?? { strategy: 'fixedDelay', maxRetryCount: 1, delayMs: 1 }, () => runtime.host.faults.random());",
        },
      ],
    },
    {
      does: 'Exponential backoff doubles what it adds to the minimum, 20% off at most, up to the maximum.',
      ground: 'source',
      held: [
        ['local/host/retryPolicy.test.ts', 'doubles what it adds to the minimum, up to the maximum, and stays there'],
      ],
      mutants: [{ file: 'host/retryPolicy.ts', from: '2 ** (exponent - 1)', to: '3 ** (exponent - 1)' }],
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
      mutants: [
        {
          file: 'host/partition.ts',
          from: 'if (isCheckpointingAfterInvocation && !this.#signal.aborted) {',
          to: 'if (isCheckpointingAfterInvocation) {',
        },
      ],
    },
    {
      does: 'An invocation that is cancelled before it was sent never reaches a handler.',
      ground: 'source',
      held: [[lifecycle, 'cancels an invocation that waits for a worker when the host stops']],
      mutants: [
        {
          file: 'host/batch.ts',
          from: 'const worker = await instance.worker(signal);',
          to: 'const worker = await instance.worker(new AbortController().signal);',
        },
      ],
    },
    {
      does: 'When a partition has moved to another owner, the batch in flight gets no checkpoint and comes again there.',
      ground: 'source',
      held: [
        ['local/host/scale.test.ts', 'delivers a batch again whose partition is taken away while it is in flight'],
        [
          'local/host/scale.test.ts',
          'gives way to another host that takes its partition in the shared folder, and takes it back when that one is silent',
        ],
      ],
      mutants: [
        {
          file: 'host/partition.ts',
          from: 'if (!(await store.isOwner(runtime.scope, partitionId, ownerId))) return false;',
          to: '',
        },
      ],
    },
    {
      does: 'The instances of an app share the partitions, and share them anew when one joins or leaves.',
      ground: 'source',
      held: [
        [
          'local/host/scale.test.ts',
          'shares the partitions among instances, and shares them anew when one joins or leaves',
        ],
      ],
      mutants: [{ file: 'host/listener.ts', from: '      this.#watched(host.store),\n      {', to: '      {' }],
    },
    {
      does: 'A worker that dies fails everything that it had; a new one is started and the batches are tried again.',
      ground: 'run',
      held: [[worker, 'ends the worker on %s, retries what it had and starts a new one']],
      mutants: [
        {
          file: 'host/workerProcess.ts',
          from: 'for (const settle of this.#inFlight.values()) {',
          to: 'for (const settle of [...this.#inFlight.values()].slice(1)) {',
        },
      ],
    },
    {
      does: 'An uncaught exception or an unhandled rejection ends the worker.',
      ground: 'run',
      held: [[worker, 'ends the worker on %s, retries what it had and starts a new one']],
      mutants: [
        {
          file: 'host/worker/main.ts',
          from: "process.on('uncaughtException', (thrown: unknown) => {",
          to: "process.on('uncaughtException', (thrown: unknown) => {\n  if (thrown !== app) return;",
        },
      ],
    },
    {
      does: '`functionTimeout` counts for one attempt; when it is over the whole worker is restarted, with everything that it had.',
      ground: 'source',
      held: [[worker, 'fails the attempt that exceeds functionTimeout, and everything else that its worker had']],
      mutants: [
        {
          file: 'host/instance.ts',
          from: 'return timeoutMs === undefined ? work : workInTime(work, worker, runtime, request, timeoutMs);',
          to: 'return work;',
        },
      ],
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
      mutants: [
        {
          file: 'host/instance.ts',
          from: 'const TERMINATE_GRACE_MS = 5000;',
          to: 'const TERMINATE_GRACE_MS = 500_000;',
        },
      ],
    },
    {
      does: 'Hooks run at the start, before and after an invocation, for log lines and at the end.',
      ground: 'source',
      held: [[worker, 'runs the hooks: start, before and after an invocation, for logs, and at the end']],
      mutants: [
        {
          file: 'host/worker/hooks.ts',
          from: 'for (const hook of app.hooks[name]) {',
          to: 'for (const hook of app.hooks[name].slice(1)) {',
        },
      ],
    },
    {
      does: "A handler's result travels back to the host: one that cannot be serialised fails the invocation after its work is done.",
      ground: 'run',
      held: [[worker, 'fails an invocation whose result cannot be serialised, though its work is done']],
      mutants: [
        { file: 'host/worker/invoke.ts', from: '  await invocation.getResponse(context, after.result);\n', to: '' },
      ],
    },
    {
      does: 'A handler that throws undefined or null has succeeded.',
      ground: 'source',
      held: [[worker, 'fails for whatever a handler throws but for nothing at all']],
      mutants: [
        {
          file: 'host/worker/invoke.ts',
          from: 'if (after.error !== null && after.error !== undefined) {',
          to: 'if (after.error !== null) {',
        },
      ],
    },
    {
      does: 'An entry point that throws, or a `main` that matches no file, leaves 0 functions; the platform says no more, this host refuses to start.',
      ground: 'run',
      held: [
        [start, 'refuses to start with %s'],
        [start, 'shows the message and the stack of an entry point that throws'],
      ],
      mutants: [
        { file: 'host/registrations.ts', from: 'if (functions.length === 0) {', to: 'if (functions.length < 0) {' },
        { file: 'host/worker/loadApp.ts', from: 'if (files.length === 0) {', to: 'if (files.length < 0) {' },
      ],
    },
    {
      does: 'Without an extension bundle there is no Event Hubs trigger; this host refuses to start.',
      ground: 'documented',
      held: [[start, 'refuses to start with %s']],
      mutants: [{ file: 'host/hostJson.ts', from: 'if (bundle === undefined) {', to: 'if (bundle === path) {' }],
    },
  ],
};
