import { remembering } from '../remembering';

/** Tables whose records become rows: from the current or retired name in lower case to the current name. */
const mappedTables: Readonly<Record<string, string>> = {
  devicenetworkevents: 'DeviceNetworkEvents',
  networkcommunicationevents: 'DeviceNetworkEvents',
  deviceevents: 'DeviceEvents',
  miscevents: 'DeviceEvents',
};

const categoryPrefix = 'advancedhunting-';

/**
 * `AdvancedHunting-DeviceNetworkEvents`, `devicenetworkevents`, `NetworkCommunicationEvents` -> `DeviceNetworkEvents`;
 * removes the prefix of any other table.
 */
export const tableName = remembering((category) => {
  const name = category.trim();
  const bare = name.toLowerCase().startsWith(categoryPrefix) ? name.slice(categoryPrefix.length) : name;
  const key = bare.toLowerCase();
  return Object.hasOwn(mappedTables, key) ? (mappedTables[key] ?? bare) : bare;
});

/** Whether a category looks like a Defender table. */
export function namesTable(category: string): boolean {
  const name = category.trim().toLowerCase();
  return name.startsWith(categoryPrefix) || /^[a-z]+(?:events|info|evidence|entities)$/.test(name);
}

/** Columns of the retired NetworkCommunicationEvents and their names today; all others kept their names. */
export const legacyColumns = {
  EventTime: 'Timestamp',
  MachineId: 'DeviceId',
  ComputerName: 'DeviceName',
} as const;
