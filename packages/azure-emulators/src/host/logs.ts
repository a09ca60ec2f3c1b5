import type { LogLevel } from './protocol';

/** One line of the host or of a worker, after host.json's filter. */
export interface HostLogEntry {
  readonly level: LogLevel;
  /** As on the platform: `Function.<name>.User` for context.log, `Function.<name>`, `Host.Results`, `Host.Triggers.EventHubs` ... */
  readonly category: string;
  readonly message: string;
  readonly functionName?: string;
  readonly invocationId?: string;
}

export type Log = (entry: HostLogEntry) => void;

/** From the most detailed to none. */
export const logLevels = [
  'trace',
  'debug',
  'information',
  'warning',
  'error',
  'critical',
  'none',
] as const satisfies readonly LogLevel[];

/**
 * Passes on the lines that host.json's `logging.logLevel` allows. The longest configured category that the line's category
 * equals or begins with (up to a dot) decides, else `default`, else Information.
 */
export function filterLogs(levels: ReadonlyMap<string, LogLevel>, log: Log): Log {
  return (entry) => {
    const lowest = lowestLevel(levels, entry.category.toLowerCase());
    if (lowest !== 'none' && logLevels.indexOf(entry.level) >= logLevels.indexOf(lowest)) log(entry);
  };
}

function lowestLevel(levels: ReadonlyMap<string, LogLevel>, category: string): LogLevel {
  for (let prefix = category; prefix !== ''; prefix = prefix.slice(0, Math.max(0, prefix.lastIndexOf('.')))) {
    const level = levels.get(prefix);
    if (level !== undefined) return level;
  }
  return levels.get('default') ?? 'information';
}
