/** Tables whose records become rows, by lower-case name as it arrives: the modern name and, for old spellings, its alias. */
const mappedTables: Readonly<Record<string, string>> = {
  devicenetworkevents: 'DeviceNetworkEvents',
  networkcommunicationevents: 'DeviceNetworkEvents',
  deviceevents: 'DeviceEvents',
  miscevents: 'DeviceEvents',
};

const categoryPrefix = 'advancedhunting-';

/** `AdvancedHunting-DeviceNetworkEvents`, `devicenetworkevents`, `NetworkCommunicationEvents` -> `DeviceNetworkEvents`; any other table keeps its name without the prefix. */
export function tableName(category: string): string {
  const name = category.trim();
  const bare = name.toLowerCase().startsWith(categoryPrefix) ? name.slice(categoryPrefix.length) : name;
  const key = bare.toLowerCase();
  return Object.hasOwn(mappedTables, key) ? (mappedTables[key] ?? bare) : bare;
}

/** Whether a category names a table of Defender, as far as its form tells. */
export function namesTable(category: string): boolean {
  const name = category.trim().toLowerCase();
  return name.startsWith(categoryPrefix) || /^[a-z]+(?:events|info|evidence|entities)$/.test(name);
}

/** Columns of the retired spelling (NetworkCommunicationEvents) and what they are called today; all others kept their names. */
export const legacyColumns = {
  EventTime: 'Timestamp',
  MachineId: 'DeviceId',
  ComputerName: 'DeviceName',
} as const;
