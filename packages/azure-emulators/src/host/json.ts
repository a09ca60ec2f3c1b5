const isoDate = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:\d\d)?$/;

/**
 * Reads a body and writes it again as the host's Json.NET does, whose default is to take texts that look like ISO
 * dates for dates: trailing zeros of the fraction go, and a time with an offset becomes the host's local time, which
 * is UTC on the platform.
 * @returns undefined if the body is no JSON. No error: Node's would quote the body.
 */
export function reserialise(body: string): string | undefined {
  try {
    return JSON.stringify(
      JSON.parse(body, (_, value: unknown) => (typeof value === 'string' ? rewriteDate(value) : value)),
    );
  } catch {
    return undefined;
  }
}

function rewriteDate(text: string): string {
  const parts = isoDate.exec(text);
  if (parts === null) return text;
  const [, seconds = '', digits = '', zone = ''] = parts;
  const fraction = digits.replace(/0+$/, '');
  const suffix = fraction === '' ? '' : `.${fraction}`;
  if (zone === '' || zone === 'Z') return `${seconds}${suffix}${zone}`;
  const utc = new Date(`${seconds}${zone}`);
  return Number.isNaN(utc.getTime()) ? text : `${utc.toISOString().slice(0, 19)}${suffix}+00:00`;
}
