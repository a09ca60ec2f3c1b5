import type { LogLevel, LogOrigin } from '../protocol';
import type { App } from './app';
import { toError } from './errors';
import { sendLog } from './toHost';

/** Runs hooks in the order of their registration; the first that throws ends the run, as in the worker. */
export async function runHooks(
  app: App,
  name: 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation',
  context: object,
): Promise<void> {
  for (const hook of app.hooks[name]) {
    await hook(context);
  }
}

let insideLogHook = false;

/** Sends a log line to the host after the app's log hooks, which may change its level and message. */
export function log(
  app: App,
  level: LogLevel,
  origin: LogOrigin,
  message: string,
  invocation?: { readonly id: string; readonly context: unknown },
): void {
  const line = {
    level,
    message,
    category: origin,
    hookData: {},
    appHookData: app.appHookData,
    invocationContext: invocation?.context,
  };
  if (!insideLogHook) {
    insideLogHook = true;
    try {
      for (const hook of app.hooks.log) {
        void hook(line);
      }
    } catch (error) {
      sendLog('error', 'system', `A log hook threw: ${toError(error).message}`);
    } finally {
      insideLogHook = false;
    }
  }
  sendLog(line.level, origin, line.message, invocation?.id);
}
