import Module from 'node:module';
import type { FunctionMetadata, LogLevel, LogOrigin } from '../protocol';
import {
  type App,
  type FunctionCallback,
  type HookCallback,
  type HookName,
  hookNames,
  type ProgrammingModel,
} from './app';
import { SystemError, SystemRangeError } from './errors';
import { log } from './hooks';

/** The oldest worker with log hooks, which `@azure/functions` 4.16 can use. */
const workerVersion = '3.10.0';

class Disposable {
  constructor(readonly dispose: () => unknown) {}
  static from(...parts: { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const part of parts) part.dispose();
    });
  }
}

type RegisteredMetadata = Omit<FunctionMetadata, 'functionId'> & { readonly functionId?: string };

/**
 * Provides `require('@azure/functions-core')` to every module that the process loads from now on. The module exists nowhere
 * on disk; the platform's worker does the same (src/setupCoreModule.ts in Azure/azure-functions-nodejs-worker).
 */
export function provideCoreModule(app: App, hostVersion: string): void {
  const core = {
    version: workerVersion,
    hostVersion,
    Disposable,
    registerFunction: (metadata: RegisteredMetadata, callback: FunctionCallback) =>
      registerFunction(app, metadata, callback),
    registerHook: (name: string, callback: HookCallback) => registerHook(app, name, callback),
    setProgrammingModel: (model: ProgrammingModel) => {
      app.model = model;
    },
    getProgrammingModel: () => app.model,
    log: (level: LogLevel, origin: LogOrigin, message: string) => log(app, level, origin, message),
  };
  const modules: { require: (this: unknown, id: string) => unknown } = Module.prototype;
  modules.require = new Proxy(modules.require, {
    apply: (target, self, parameters: [string]): unknown =>
      parameters[0] === '@azure/functions-core' ? core : Reflect.apply(target, self, parameters),
  });
}

function registerFunction(app: App, registered: RegisteredMetadata, callback: FunctionCallback): Disposable {
  if (app.registrationClosed) {
    throw new SystemError('A function can only be registered during app startup.');
  }
  const functionId = registered.functionId ?? registered.name;
  if (app.functions.has(functionId)) {
    throw new SystemError(`A function with id "${functionId}" has already been registered.`);
  }
  app.functions.set(functionId, { metadata: { ...registered, functionId }, callback });
  return new Disposable(() => {
    if (app.registrationClosed) {
      throw new SystemError('A function can only be disposed during app startup.');
    }
    app.functions.delete(functionId);
  });
}

function registerHook(app: App, name: string, callback: HookCallback): Disposable {
  if (!isHookName(name)) {
    throw new SystemRangeError(`Unrecognized hook "${name}"`);
  }
  const hooks = app.hooks[name];
  hooks.push(callback);
  return new Disposable(() => {
    const index = hooks.indexOf(callback);
    if (index >= 0) hooks.splice(index, 1);
  });
}

function isHookName(name: string): name is HookName {
  return hookNames.some((hook) => hook === name);
}
