const timeSpan = /^(-)?(?:(\d+)\.)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,7}))?)?$/;

/** Milliseconds of a .NET TimeSpan such as `00:05:00` or `1.02:03:04.5`; undefined for any other text. */
export function parseTimeSpan(text: string): number | undefined {
  const parts = timeSpan.exec(text);
  if (parts === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = '0'] = parts;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const whole = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  const milliseconds = whole * 1000 + Number(`0.${fraction}`) * 1000;
  return sign === undefined ? milliseconds : -milliseconds;
}

/** The longest wait that Node's timers can hold. */
export const longestTimerMs = 2 ** 31 - 1;
