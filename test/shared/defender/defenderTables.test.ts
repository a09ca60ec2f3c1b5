import * as fc from 'fast-check';
import { tableName } from '../../../shared/defender/defenderTables';
import { anyText } from '../kit/valueKit';

test.each([
  ['AdvancedHunting-DeviceNetworkEvents', 'DeviceNetworkEvents'],
  ['advancedhunting-devicenetworkevents', 'DeviceNetworkEvents'],
  [' DEVICENETWORKEVENTS ', 'DeviceNetworkEvents'],
  ['AdvancedHunting-NetworkCommunicationEvents', 'DeviceNetworkEvents'],
  ['AdvancedHunting-DeviceEvents', 'DeviceEvents'],
  ['AdvancedHunting-DeviceProcessEvents', 'DeviceProcessEvents'],
  ['SomethingElse', 'SomethingElse'],
  ['AdvancedHunting-__proto__', '__proto__'],
  ['constructor', 'constructor'],
])('%s is the table %s', (category, expected) => {
  expect(tableName(category)).toBe(expected);
});

test('returns a text for any text', () => {
  fc.assert(fc.property(anyText, (category) => typeof tableName(category) === 'string'));
});
