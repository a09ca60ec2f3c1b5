import { type Filter, matches, timeOption } from '../../../cli/replay/letterFilter';

const letter = {
  id: 'hub/0/12/0',
  reason: 'BadTimestamp',
  step: 'transform',
  error: '',
  table: 'DeviceEvents',
  scope: 'record',
  enqueued: new Date('2026-11-20T10:00:00Z'),
} as const;
const everything: Filter = { reasons: [], tables: [], ids: new Set(), since: undefined, until: undefined };

test.each<[string, Partial<Filter>, boolean]>([
  ['no condition', {}, true],
  ['its reason, in any case', { reasons: ['other', 'badtimestamp'] }, true],
  ['another reason', { reasons: ['InvalidJson'] }, false],
  ['its table', { tables: ['DeviceEvents'] }, true],
  ['another table', { tables: ['DeviceNetworkEvents'] }, false],
  ['its id', { ids: new Set(['hub/0/12/0']) }, true],
  ['another id', { ids: new Set(['hub/0/12/1']) }, false],
  ['since exactly then', { since: new Date('2026-11-20T10:00:00Z') }, true],
  ['since later', { since: new Date('2026-11-20T10:00:00.001Z') }, false],
  ['until exactly then', { until: new Date('2026-11-20T10:00:00Z') }, false],
  ['until later', { until: new Date('2026-11-20T10:00:00.001Z') }, true],
  ['all conditions but one', { reasons: ['BadTimestamp'], tables: ['DeviceInfo'] }, false],
])('%s', (_, conditions, expected) => {
  expect(matches({ ...everything, ...conditions }, letter)).toBe(expected);
});

test('a letter without a table matches no --table', () => {
  expect(matches({ ...everything, tables: ['DeviceEvents'] }, { ...letter, table: undefined })).toBe(false);
});

test.each([
  ['2026-11-20', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20T09:30', '2026-11-20T09:30:00.000Z'],
  ['2026-11-20T09:30:15.5', '2026-11-20T09:30:15.500Z'],
  ['2026-11-20T09:30:00Z', '2026-11-20T09:30:00.000Z'],
  ['2026-11-20T09:30:00+02:00', '2026-11-20T07:30:00.000Z'],
])('%s is %s: UTC unless it says otherwise', (text, expected) => {
  expect(timeOption('since', text)?.toISOString()).toBe(expected);
});

test.each(['yesterday', '', '20.11.2026', '2026-13-01', '2026-11-20T', '1795168800'])(
  '"%s" is refused as a time',
  (text) => {
    expect(() => timeOption('since', text)).toThrow(`--since: expected a time such as 2026-11-20`);
  },
);
