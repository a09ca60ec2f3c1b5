import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { App } from './app';
import { SystemError, toError } from './errors';
import { runHooks } from './hooks';

/** What every Node worker can do, before the app adds its own (getWorkerCapabilities.ts of the worker). */
const capabilities = {
  RawHttpBodyBytes: 'true',
  RpcHttpTriggerMetadataRemoved: 'true',
  RpcHttpBodyOnly: 'true',
  IgnoreEmptyValuedRpcHttpHeaders: 'true',
  UseNullableValueDictionaryForHttp: 'true',
  WorkerStatus: 'true',
  TypedDataCollection: 'true',
  HandlesWorkerTerminateMessage: 'true',
};

/**
 * Loads the file that package.json `main` names, then runs the appStart hooks.
 * @returns the capabilities of worker and app together.
 * @throws SystemError naming the file, with the app's own message and stack.
 */
export async function loadApp(app: App, appDirectory: string): Promise<Record<string, string>> {
  const packageJson = readPackageJson(appDirectory);
  if (!existsSync(join(appDirectory, packageJson.main))) {
    throw new SystemError(
      `package.json "main" ("${packageJson.main}") names no file in ${appDirectory}. Build the app first, or correct "main".`,
    );
  }
  await loadEntryPoint(join(appDirectory, packageJson.main), packageJson.main, packageJson.type);
  await runHooks(app, 'appStart', {
    hookData: app.appLevelHookData,
    appHookData: app.appHookData,
    functionAppDirectory: appDirectory,
  });
  const model = app.model;
  return model?.getCapabilities?.({ ...capabilities }) ?? { ...capabilities };
}

function readPackageJson(appDirectory: string): { readonly main: string; readonly type: unknown } {
  const path = join(appDirectory, 'package.json');
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SystemError(`The worker failed to load ${path}: ${toError(error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || !('main' in parsed) || typeof parsed.main !== 'string') {
    throw new SystemError(`${path} has no "main": the worker would load nothing and the host would see 0 functions.`);
  }
  return { main: parsed.main, type: 'type' in parsed ? parsed.type : undefined };
}

async function loadEntryPoint(path: string, name: string, packageType: unknown): Promise<void> {
  try {
    if (path.endsWith('.mjs') || (packageType === 'module' && !path.endsWith('.cjs'))) {
      await import(pathToFileURL(path).href);
    } else {
      createRequire(path)(path);
    }
  } catch (error) {
    const cause = toError(error);
    const failure = new SystemError(`The worker was unable to load entry point "${name}": ${cause.message}`, { cause });
    failure.stack = cause.stack ?? String(cause);
    throw failure;
  }
}
