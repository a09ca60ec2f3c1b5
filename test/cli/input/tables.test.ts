import { nearestTable, tableOption } from '../../../cli/input/tableOption';

test.each([
  ['DeviceNetworkEvents', 'DeviceNetworkEvents'],
  ['AdvancedHunting-DeviceEvents', 'DeviceEvents'],
  ['networkcommunicationevents', 'DeviceNetworkEvents'],
])('--table %s is %s', (name, expected) => {
  expect(tableOption(name)).toBe(expected);
});

test.each([
  ['DeviceNetworkEvent', 'DeviceNetworkEvents'],
  ['DeviceNetwrokEvents', 'DeviceNetworkEvents'],
  ['device_network_events', 'DeviceNetworkEvents'],
  ['NetworkEvents', 'DeviceNetworkEvents'],
  ['DeviceEvent', 'DeviceEvents'],
])('--table %s is rejected, and the error names %s', (name, meant) => {
  expect(() => tableOption(name)).toThrow(`--table ${name}: this table is not mapped. Did you mean ${meant}?`);
});

test.each(['DeviceFileEvents', 'DeviceInfo', 'EmailEvents', 'x', ''])(
  '--table "%s" is refused, with the tables that are mapped and no guess',
  (name) => {
    expect(() => tableOption(name)).toThrow(
      /: this table is not mapped\. Mapped are DeviceNetworkEvents, DeviceEvents/,
    );
  },
);

test('a mapped table resembles no other', () => {
  expect(nearestTable('DeviceEvents')).toBeUndefined();
});
