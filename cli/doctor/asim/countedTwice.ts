import { counted } from '../../common/numberText';
import { type Finding, ok, unknown, warning } from '../finding';
import type { DeviceCounts } from './deviceCounts';
import { isRegistered } from './functionState';
import { type Look, valueOf } from './sentinelWorkspace';
import { isBuiltInStopped } from './watchlist';
import { workspaceProblem } from './workspaceProblem';

const subject = 'Sentinel';

/** Whether a query through `_Im_NetworkSession` counts the sessions of a device twice. */
export function countedTwice(look: Look): Finding {
  if (valueOf(look.hasSentinel) === false) return ok(subject, 'Microsoft Sentinel is not on: nothing reads both.');
  const failed = [look.hasSentinel, look.functions, look.disabled, look.devices].find((part) => 'error' in part);
  const devices = valueOf(look.devices);
  const functions = valueOf(look.functions);
  if (failed !== undefined && 'error' in failed) {
    const { found, next } = workspaceProblem(failed.error, 'read');
    return unknown(subject, found, next);
  }
  if (devices === undefined || functions === undefined) return unknown(subject, 'Not known.', 'Run it again.');
  return twiceIn(devices, isRegistered(functions), isBuiltInStopped(valueOf(look.disabled) ?? []));
}

function twiceIn(devices: DeviceCounts, isHooked: boolean, isStopped: boolean): Finding {
  const { BuiltInAndAsim, BuiltInAndCustom, CustomAndAsim } = devices;
  if (isHooked && CustomAndAsim > 0) {
    const found = `The sessions of ${counted(CustomAndAsim, 'device')} are counted twice: NetworkSessions_CL and ASimNetworkSessionLogs both have them.`;
    return warning(
      subject,
      found,
      'Send the rows to one of the two tables; for ASimNetworkSessionLogs, run --asim --unregister.',
    );
  }
  const both = Math.max(BuiltInAndAsim, isHooked ? BuiltInAndCustom : 0);
  const hidden = devicesOnlyInBuiltIn(devices, isHooked);
  if (isStopped && hidden > 0) {
    const found = `${counted(hidden, 'device')} of DeviceNetworkEvents ${hidden === 1 ? 'is' : 'are'} in no table that Sentinel's parsers read: the watchlist stops the built-in parser.`;
    return warning(subject, found, 'Stream these devices to the app, or run npm run doctor -- --asim --unregister.');
  }
  if (!isStopped && both > 0) {
    const found = `The sessions of ${counted(both, 'device')} are counted twice: the app's table and DeviceNetworkEvents both have them.`;
    const next =
      hidden === 0
        ? 'Turn the connector of DeviceNetworkEvents off, or run npm run doctor -- --asim --exclude-built-in.'
        : `Turn the connector of DeviceNetworkEvents off, or stream all devices to the app: ${counted(hidden, 'device')} ${hidden === 1 ? 'is' : 'are'} only in DeviceNetworkEvents.`;
    return warning(subject, found, next);
  }
  return ok(subject, 'No device of the last day is counted twice.');
}

/** Devices that Sentinel would no longer see without the built-in parser. */
export function devicesOnlyInBuiltIn(devices: DeviceCounts, isHooked: boolean): number {
  return isHooked ? devices.OnlyBuiltIn : devices.BuiltIn - devices.BuiltInAndAsim;
}
