import type { FunctionsHost, HostOptions } from './functionsHost';
import { HostError } from './hostError';
import { start } from './startHost';

export type { FaultTiming, InjectedFault } from '../injectedFaults';
export type { FunctionsHost, HostOptions } from './functionsHost';
export { HostError } from './hostError';
export type { HostFault, KillMoment } from './hostFaults';
export type { FunctionStatistics, HostStatistics } from './hostStatistics';
export type { HostLogEntry } from './logs';
export type { LogLevel } from './protocol';
export type { HostEvent, HostInvocation } from './runtime';
export { AppStartError } from './workerProcess';

/**
 * Runs a built Functions app against real Event Hubs endpoints.
 * @throws HostError for what is wrong with host.json, settings, functions or hubs; AppStartError, with the app's own
 * stack, if its entry points fail to load.
 */
export async function startHost(options: HostOptions): Promise<FunctionsHost> {
  const workers = options.workers ?? 1;
  if (!Number.isInteger(workers) || workers < 1) {
    throw new HostError(`workers must be a whole number of at least 1, not ${workers}.`);
  }
  return start(options, workers);
}
