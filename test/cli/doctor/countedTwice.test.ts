import { countedTwice } from '../../../cli/doctor/asim/countedTwice';
import type { DeviceCounts } from '../../../cli/doctor/asim/deviceCounts';
import { hookOf } from '../../../cli/doctor/asim/hookText';
import { exclusionRows, parsers } from '../../../cli/doctor/asim/sentinelNames';
import type { Look } from '../../../cli/doctor/asim/sentinelWorkspace';

const none: DeviceCounts = {
  BuiltIn: 0,
  Custom: 0,
  Asim: 0,
  BuiltInAndCustom: 0,
  BuiltInAndAsim: 0,
  CustomAndAsim: 0,
  OnlyBuiltIn: 0,
};

interface Given {
  readonly devices: Partial<DeviceCounts>;
  /** Hooks that call the app's parsers. */
  readonly hooks?: readonly string[];
  /** Unions that leave the built-in parser out. */
  readonly stopped?: readonly string[];
}

function look({ devices, hooks = [], stopped = [] }: Given): Look {
  const functions = parsers
    .map((parser) => Object.assign(hookOf(parser), { etag: '1' }))
    .filter(({ name }) => hooks.includes(name));
  return {
    hasSentinel: { value: true },
    tablePlan: { value: 'Analytics' },
    functions: { value: functions },
    disabled: { value: exclusionRows.filter(({ union }) => stopped.includes(union)) },
    devices: { value: { ...none, ...devices } },
  };
}

const both = ['Im_NetworkSessionCustom', 'ASim_NetworkSessionCustom'];
const unions = ['_Im_NetworkSession', '_ASim_NetworkSession'];

test.each<[string, Given, string, string]>([
  ['no rows at all', { devices: {} }, 'ok', 'ok'],
  ['one device in both tables, but no hook', { devices: { BuiltIn: 1, Custom: 1, BuiltInAndCustom: 1 } }, 'ok', 'ok'],
  [
    'one device in both tables, and both hooks',
    { devices: { BuiltIn: 1, Custom: 1, BuiltInAndCustom: 1 }, hooks: both },
    'warning',
    'warning',
  ],
  [
    'one device in both tables, and the filtering hook only',
    { devices: { BuiltIn: 1, Custom: 1, BuiltInAndCustom: 1 }, hooks: both.slice(0, 1) },
    'warning',
    'ok',
  ],
  [
    "Sentinel's own table, which needs no hook",
    { devices: { BuiltIn: 1, Asim: 1, BuiltInAndAsim: 1 } },
    'warning',
    'warning',
  ],
  [
    'the built-in parser stopped for one of the two',
    { devices: { BuiltIn: 1, Asim: 1, BuiltInAndAsim: 1 }, stopped: unions.slice(0, 1) },
    'ok',
    'warning',
  ],
  ['different devices', { devices: { BuiltIn: 1, Asim: 1, OnlyBuiltIn: 1 } }, 'ok', 'ok'],
  [
    'the built-in parser stopped, though only it has a device',
    { devices: { BuiltIn: 2, Asim: 1, BuiltInAndAsim: 1, OnlyBuiltIn: 1 }, stopped: unions },
    'warning',
    'warning',
  ],
  [
    "both of the app's tables, while the hooks are still there",
    { devices: { Custom: 1, Asim: 1, CustomAndAsim: 1 }, hooks: both },
    'warning',
    'warning',
  ],
])('counted twice: %s', (_, given, filtering, parameterless) => {
  expect(countedTwice(look(given)).map(({ subject, status }) => [subject, status])).toEqual([
    ['_Im_NetworkSession', filtering],
    ['_ASim_NetworkSession', parameterless],
  ]);
});

test('a row with Any stops the built-in parser too', () => {
  const given = look({ devices: { BuiltIn: 1, Asim: 1, BuiltInAndAsim: 1 } });
  const any = { id: 'x', CallerContext: 'Any', SourceSpecificParser: 'Any' };
  expect(countedTwice({ ...given, disabled: { value: [any] } }).map(({ status }) => status)).toEqual(['ok', 'ok']);
});

test('what could not be read is unknown, with the reason', () => {
  const given = look({ devices: {} });
  const failed = { error: new Error('so') };
  for (const part of ['hasSentinel', 'functions', 'disabled', 'devices'] as const) {
    expect(countedTwice({ ...given, [part]: failed })).toMatchObject([{ status: 'unknown', found: 'No answer: so' }]);
  }
});

test('without Microsoft Sentinel nothing is counted twice', () => {
  const given = look({ devices: { BuiltIn: 1, Asim: 1, BuiltInAndAsim: 1 } });
  expect(countedTwice({ ...given, hasSentinel: { value: false } })).toMatchObject([{ status: 'ok' }]);
});
