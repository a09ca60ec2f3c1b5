import { type DateOrder, portalTime } from '../../../cli/input/portalTime';

/** Forms that the portal has been seen to write, by language and region of whoever exports. */
test.each([
  ['Nov 20, 2026 9:00:00 AM', '2026-11-20T09:00:00Z'],
  ['Nov 20, 2026 9:00:00\u202fPM', '2026-11-20T21:00:00Z'],
  ['May 7, 2026 12:41:25.321 AM', '2026-05-07T00:41:25.321Z'],
  ['May 7, 2026 12:41:25 PM', '2026-05-07T12:41:25Z'],
  ['May 7, 2026, 18:41:25.123', '2026-05-07T18:41:25.123Z'],
  ['13/03/2026, 3:40:13.988 pm', '2026-03-13T15:40:13.988Z'],
  ['3/13/2026 3:40 PM', '2026-03-13T15:40:00Z'],
  ['05/05/2026 18:41:25', '2026-05-05T18:41:25Z'],
  ['20 November 2026 at 09:00:00', '2026-11-20T09:00:00Z'],
  ['Sept 7, 2026 09:00:00', '2026-09-07T09:00:00Z'],
  ['20.11.2026, 09:00:00', '2026-11-20T09:00:00Z'],
  ['2026/11/20 9:00:00 p.m.', '2026-11-20T21:00:00Z'],
  ['Nov 20, 2026 9:00:00 AM UTC', '2026-11-20T09:00:00Z'],
  ['Nov 20, 2026 9:00:00 AM +02:00', '2026-11-20T09:00:00+02:00'],
  ['2026-11-20T09:00:00.1234567Z', '2026-11-20T09:00:00.1234567Z'],
  ['2026-11-20 09:00:00', '2026-11-20 09:00:00'],
])('a time of the portal is read: %s', (text, expected) => {
  expect(portalTime(text, undefined)?.text).toBe(expected);
});

test.each<[DateOrder, string]>([
  ['day-first', '2026-12-05T18:41:32Z'],
  ['month-first', '2026-05-12T18:41:32Z'],
])('when both numbers could be the month, --dates %s decides', (order, expected) => {
  expect(portalTime('05/12/2026 6:41:32 PM', order)?.text).toBe(expected);
});

test('a date is never guessed when both numbers can be the month', () => {
  expect(() => portalTime('05/12/2026 6:41:32 PM', undefined)).toThrow('05/12 is day and month, or month and day');
});

test('an unambiguous date overrides the given order', () => {
  expect(portalTime('13/03/2026 10:00:00', 'month-first')?.text).toBe('2026-03-13T10:00:00Z');
});

test.each([
  '20. marras 2026 09:00:00',
  'Decoy 20, 2026 9:00:00 AM',
  'May 7, 2026',
  '6:41:33 PM',
  'Foo 7, 2026 6:41:33 PM',
  'Feb 29, 2026 1:00:00 AM',
  'Nov 20, 2026 13:00:00 PM',
  'Nov 20, 2026 0:00:00 AM',
  'Nov 20, 2026 24:00:00',
  'Nov 20, 2026 9:61:00 AM',
  '32/13/2026 10:00:00',
  '',
  '9'.repeat(100),
])('a text that is not a time is undefined: "%s"', (text) => {
  expect(portalTime(text, 'day-first')).toBeUndefined();
});

test('the result says whether the text named a zone', () => {
  const named = ['Nov 20, 2026 9:00:00 AM', '2026-11-20 09:00:00', '2026-11-20T09:00:00Z', 'Nov 20, 2026 9:00:00 GMT'];
  expect(named.map((text) => portalTime(text, undefined)?.hasZone)).toEqual([false, false, true, true]);
});
