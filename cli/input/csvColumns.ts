import { NumberText, type SourceJson } from '../../shared/json';
import type { PortalTime } from './portalTime';

/** Columns that are numbers, booleans or times in JSON, as documented for DeviceNetworkEvents and DeviceEvents. */
const numbers = new Set([
  'ReportId',
  'LocalPort',
  'RemotePort',
  'FileSize',
  'ProcessId',
  'ProcessUniqueId',
  'LogonId',
  'CreatedProcessSessionId',
  'InitiatingProcessId',
  'InitiatingProcessParentId',
  'InitiatingProcessFileSize',
  'InitiatingProcessLogonId',
  'InitiatingProcessSessionId',
  'InitiatingProcessUniqueId',
]);
const booleans = new Set(['IsInitiatingProcessRemoteSession', 'IsProcessRemoteSession']);
const times = new Set([
  'Timestamp',
  'EventTime',
  'TimeGenerated',
  'ProcessCreationTime',
  'InitiatingProcessCreationTime',
  'InitiatingProcessParentCreationTime',
]);

const digits = /^(?:0|-?[1-9]\d{0,30})$/;

/** The JSON value of a cell that is not empty. A cell that is not as documented stays text. */
export function cellValue(column: string, cell: string, timeOf: (cell: string) => PortalTime | undefined): SourceJson {
  if (numbers.has(column)) return digits.test(cell) ? new NumberText(cell) : cell;
  if (booleans.has(column)) return /^(?:true|false)$/i.test(cell) ? cell.toLowerCase() === 'true' : cell;
  if (times.has(column)) return timeOf(cell)?.text ?? cell;
  return cell;
}

/** The first line of every export of events has some of these. */
const typicalColumns = new Set([
  'Timestamp',
  'EventTime',
  'TimeGenerated',
  'ReportId',
  'DeviceId',
  'MachineId',
  'DeviceName',
  'ComputerName',
  'ActionType',
  'LocalIP',
  'RemoteIP',
  'RemoteUrl',
]);

/** Whether these are names of columns, and not another text with commas. */
export function areColumns(names: readonly string[]): boolean {
  return names.some((name) => typicalColumns.has(name));
}
