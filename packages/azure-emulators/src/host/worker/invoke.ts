import type { InvocationRequest, LogLevel, LogOrigin } from '../protocol';
import type { App, FunctionCallback } from './app';
import { SystemError } from './errors';
import { log, runHooks } from './hooks';

/**
 * Runs one invocation as the platform's worker does (src/eventHandlers/InvocationHandler.ts): the library makes the
 * arguments, hooks before, the handler, hooks after, then the library serialises the result, which can still fail.
 */
export async function invoke(app: App, request: InvocationRequest): Promise<void> {
  const registered = app.functions.get(request.functionId);
  const model = app.model;
  if (registered === undefined || model === undefined) {
    throw new SystemError(`Function code for '${request.functionId}' is not loaded and cannot be invoked.`);
  }
  let context: unknown;
  const core = {
    invocationId: request.invocationId,
    request,
    metadata: registered.metadata,
    state: undefined as string | undefined,
    log: (level: LogLevel, origin: LogOrigin, message: string) =>
      log(app, level, origin, message, { id: request.invocationId, context }),
  };
  const invocation = await model.getInvocationModel(core);
  const given = await invocation.getArguments();
  context = given.context;
  const shared = { hookData: {}, appHookData: app.appHookData, invocationContext: context };

  const before: { inputs: unknown[]; functionCallback: FunctionCallback } & typeof shared = {
    ...shared,
    inputs: given.inputs,
    functionCallback: registered.callback,
  };
  core.state = 'preInvocationHooks';
  await runHooks(app, 'preInvocation', before).finally(() => {
    core.state = undefined;
  });

  const after: { inputs: unknown[]; result: unknown; error: unknown } & typeof shared = {
    ...shared,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  core.state = 'invocation';
  try {
    after.result = await invocation.invokeFunction(context, before.inputs, before.functionCallback);
  } catch (error) {
    // A handler that throws undefined or null has succeeded, as in the platform's worker.
    after.error = error;
  }
  core.state = 'postInvocationHooks';
  await runHooks(app, 'postInvocation', after).finally(() => {
    core.state = undefined;
  });
  if (after.error !== null && after.error !== undefined) {
    throw after.error;
  }
  await invocation.getResponse(context, after.result);
}
