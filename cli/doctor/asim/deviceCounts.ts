import { fieldsOf } from '../../../shared/fieldsOf';
import type { AzureApi } from '../../azure/azureApi';
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

/** Runs the query in the workspace. Source: https://learn.microsoft.com/azure/azure-monitor/logs/api/request-format */
export async function deviceCounts(api: AzureApi, customerId: string, signal: AbortSignal): Promise<DeviceCounts> {
  const query = await fileText(countedTwiceQuery);
  const { body } = await api.call('POST', `/v1/workspaces/${customerId}/query`, { body: { query }, signal });
  const { tables } = fieldsOf(body);
  const { columns, rows } = fieldsOf(listOf(tables)[0]);
  const names = listOf(columns).map((column) => fieldsOf(column)['name']);
  const row = listOf(listOf(rows)[0]);
  const count = (name: keyof DeviceCounts): number => {
    const value = row[names.indexOf(name)];
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

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}
