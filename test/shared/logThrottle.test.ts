import { LogThrottle } from '../../shared/logThrottle';

const fiveMinutes = 5 * 60_000;

test('equal lines about a subject are written once an interval, with the number of lines left out', () => {
  let now = 0;
  const lines = new LogThrottle(fiveMinutes, () => now);
  const written = [0, 5, 60, 299, 300, 301].map((seconds) => {
    now = seconds * 1000;
    return lines.next('hub/3', 'Forbidden');
  });
  expect(written).toEqual([0, undefined, undefined, undefined, 3, undefined]);
});

test('another text, another subject, and the first line after the subject was forgotten are written at once', () => {
  const lines = new LogThrottle(fiveMinutes, () => 0);
  expect(lines.next('hub/3', 'Forbidden')).toBe(0);
  expect(lines.next('hub/4', 'Forbidden')).toBe(0);
  expect(lines.next('hub/3', 'Timeout')).toBe(0);
  expect(lines.next('hub/3', 'Timeout')).toBeUndefined();
  lines.forget('hub/3');
  expect(lines.next('hub/3', 'Timeout')).toBe(0);
});
