import { type DeviceCounts, type ReadTables, unseenDevices } from './deviceCounts';
import { isHooked } from './functionState';
import { linesToAdd, mentions } from './hookText';
import type { Addition } from './lookFindings';
import type { SavedFunction } from './savedFunctions';
import { type Parser, parsers } from './sentinelNames';

/** A function of the workspace that reads all sources, from Microsoft's template. It calls no hook. */
export interface DeployedUnion {
  readonly name: string;
  readonly parser: Parser;
  readonly found: SavedFunction;
  /** Devices that a query through it no longer sees once it leaves DeviceNetworkEvents out. */
  readonly unseen: number;
  readonly reads: ReadTables;
}

export function deployedUnions(functions: readonly SavedFunction[], devices: DeviceCounts): readonly DeployedUnion[] {
  return parsers.flatMap((parser) => {
    const wanted = parser.deployedUnion.toLowerCase();
    const named = functions.filter(({ name, alias }) => [name, alias].some((one) => one.toLowerCase() === wanted));
    return named.map((found) => {
      const reads = tablesOf(found, parser, isHooked(parser, functions));
      return { name: parser.deployedUnion, parser, found, reads, unseen: unseenDevices(devices, reads) };
    });
  });
}

function tablesOf(found: SavedFunction, parser: Parser, hooked: boolean): ReadTables {
  const callsBuiltIn = mentions(found, parser.builtIn);
  const callsHook = callsBuiltIn || mentions(found, parser.hook);
  return {
    custom: mentions(found, parser.name) || (callsHook && hooked),
    asim: callsBuiltIn || mentions(found, parser.native),
  };
}

/** The call of the app's parser, for each union that loses devices without it. */
export function additionsToUnions(functions: readonly SavedFunction[], devices: DeviceCounts): readonly Addition[] {
  return deployedUnions(functions, devices)
    .filter(({ unseen, reads }) => unseen > 0 && !reads.custom)
    .map(({ name, parser, found }) => ({ function: name, lines: linesToAdd(parser, found) }));
}
