import type { InvocationOutcome } from '../../src/host/failure';
import type { InvocationRequest } from '../../src/host/protocol';
import { workerEnvironment } from '../../src/host/workerEnvironment';
import { WorkerProcess } from '../../src/host/workerProcess';
import { workerSource } from '../../src/host/workerSource';
import { type App, type Line, type Registered, retryOf, type Worker } from './worker';

/** The worker process of the `host` folder. */
export async function startLocalWorker({
  directory,
  settings,
}: App): Promise<Worker & { readonly registered: string }> {
  const lines = new Map<string, Line[]>();
  const process = new WorkerProcess({
    source: await workerSource(),
    appDirectory: directory,
    environment: workerEnvironment(settings, directory),
    startTimeoutMs: 60_000,
    onLine: ({ level, origin, message, invocationId = '' }) => {
      if (origin === 'user') lines.set(invocationId, [...(lines.get(invocationId) ?? []), { level, message }]);
    },
  });
  const { functions, capabilities } = await process.started;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- JSON of FunctionMetadata[], which has these fields.
  const registered = JSON.parse(functions) as (Omit<Registered, 'retry'> & {
    readonly retryOptions?: Parameters<typeof retryOf>[0];
  })[];
  return {
    registered: functions,
    functions: registered.map(({ name, functionId, bindings, retryOptions }) => ({
      name,
      functionId,
      bindings,
      retry: retryOf(retryOptions),
    })),
    capabilities,
    async invoke(request: InvocationRequest) {
      const outcome = await process.invoke(request);
      return { error: errorOf(outcome), lines: lines.get(request.invocationId) ?? [] };
    },
    stop: () => process.terminate(5000),
  };
}

/** The message alone: the host puts "Result: Failure" before it and the stack behind. */
function errorOf(outcome: InvocationOutcome): string | undefined {
  if (outcome.kind === 'succeeded') return undefined;
  const { message, stack } = outcome.failure;
  const before = 'Result: Failure\nException: ';
  const behind = `\nStack: ${stack}`;
  if (!message.startsWith(before) || !message.endsWith(behind)) return message;
  return message.slice(before.length, -behind.length);
}
