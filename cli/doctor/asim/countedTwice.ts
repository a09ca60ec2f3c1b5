import { counted } from '../../common/numberText';
import { type Finding, ok, unknown, warning } from '../finding';
import { type DeviceCounts, unseenDevices } from './deviceCounts';
import { isHooked } from './functionState';
import { parsers } from './sentinelNames';
import type { Look } from './sentinelWorkspace';
import { isStoppedIn } from './watchlist';
import { workspaceProblem } from './workspaceProblem';

/** Whether a query through a built-in parser of Sentinel counts the sessions of a device twice; for each parser. */
export function countedTwice({ hasSentinel, functions, disabled, devices }: Look): readonly Finding[] {
  if ('value' in hasSentinel && !hasSentinel.value)
    return [ok('', 'Microsoft Sentinel is not on: nothing reads two tables.')];
  if ('error' in hasSentinel) return [notRead(hasSentinel.error)];
  if ('error' in functions) return [notRead(functions.error)];
  if ('error' in disabled) return [notRead(disabled.error)];
  if ('error' in devices) return [notRead(devices.error)];
  return parsers.map((parser) => {
    const isStopped = isStoppedIn(parser.builtIn, disabled.value ?? []);
    return twiceIn(parser.builtIn, devices.value, { isHooked: isHooked(parser, functions.value), isStopped });
  });
}

function notRead(error: unknown): Finding {
  const { found, next } = workspaceProblem(error, 'read');
  return unknown('', found, next);
}

interface Reads {
  /** NetworkSessions_CL, through the hook. */
  readonly isHooked: boolean;
  /** Not DeviceNetworkEvents. */
  readonly isStopped: boolean;
}

function twiceIn(union: string, devices: DeviceCounts, reads: Reads): Finding {
  const { BuiltInAndAsim, BuiltInAndCustom, CustomAndAsim } = devices;
  if (reads.isHooked && CustomAndAsim > 0) {
    const found = `Counts the sessions of ${counted(CustomAndAsim, 'device')} twice: NetworkSessions_CL and ASimNetworkSessionLogs both have them.`;
    const next =
      'Send the rows to one of the two tables. If that is ASimNetworkSessionLogs: npm run doctor -- --asim --unregister.';
    return warning(union, found, next);
  }
  const both = Math.max(BuiltInAndAsim, reads.isHooked ? BuiltInAndCustom : 0);
  const hidden = unseenDevices(devices, { custom: reads.isHooked, asim: true });
  if (reads.isStopped && hidden > 0) {
    const found = `Does not see ${counted(hidden, 'device')} of DeviceNetworkEvents: the watchlist stops the parser of that table, and no other table that is read has the sessions.`;
    return warning(union, found, 'Stream these devices to the app, or run npm run doctor -- --asim --unregister.');
  }
  if (!reads.isStopped && both > 0) {
    const found = `Counts the sessions of ${counted(both, 'device')} twice: the app's table and DeviceNetworkEvents both have them.`;
    const next =
      hidden === 0
        ? 'Turn the connector of DeviceNetworkEvents off, or run npm run doctor -- --asim --exclude-built-in.'
        : `First stream all devices to the app: ${counted(hidden, 'device')} would be missing without DeviceNetworkEvents.`;
    return warning(union, found, next);
  }
  return ok(union, 'No device of the last day is counted twice.');
}
