import type { LogsQuery } from '../../azure/logsQuery';
import { fileText } from './parserFiles';

/** The query that shows whether a workspace counts twice. */
export const countedTwiceQuery = 'infra/queries/sentinel/counted-twice.kql';

/** Devices of the last day by the tables that have their sessions: the built-in connector's, NetworkSessions_CL, ASim's. */
export interface DeviceCounts {
  readonly BuiltIn: number;
  readonly Custom: number;
  readonly Asim: number;
  readonly BuiltInAndCustom: number;
  readonly BuiltInAndAsim: number;
  readonly CustomAndAsim: number;
  readonly OnlyBuiltIn: number;
}

/** Which of the app's tables a function reads. */
export interface ReadTables {
  /** NetworkSessions_CL */
  readonly custom: boolean;
  /** ASimNetworkSessionLogs */
  readonly asim: boolean;
}

/** Devices that a function which reads these tables does not see without DeviceNetworkEvents. */
export function unseenDevices(devices: DeviceCounts, reads: ReadTables): number {
  if (reads.custom) return reads.asim ? devices.OnlyBuiltIn : devices.BuiltIn - devices.BuiltInAndCustom;
  return devices.BuiltIn - (reads.asim ? devices.BuiltInAndAsim : 0);
}

/** Runs the query in the workspace. @throws like `LogsQuery.rows` */
export async function deviceCounts(logs: LogsQuery, customerId: string): Promise<DeviceCounts> {
  const [row = {}] = await logs.rows(customerId, await fileText(countedTwiceQuery));
  const count = (name: keyof DeviceCounts): number => {
    const value = row[name];
    if (typeof value === 'number') return value;
    throw new TypeError(`The answer to the query has no number ${name}.`);
  };
  return {
    BuiltIn: count('BuiltIn'),
    Custom: count('Custom'),
    Asim: count('Asim'),
    BuiltInAndCustom: count('BuiltInAndCustom'),
    BuiltInAndAsim: count('BuiltInAndAsim'),
    CustomAndAsim: count('CustomAndAsim'),
    OnlyBuiltIn: count('OnlyBuiltIn'),
  };
}
