export interface StreamOptions {
  /** Records in all, over all tables and odd ones; a message that cannot be read counts one. */
  readonly records: number;
  /** Its lowest 32 bits count. */
  readonly seed: number;
  /** The newest event's time; all events lie within the hour before it. */
  readonly end: Date;
  /** How many devices report, 200 unless told, 10,000 at most. */
  readonly devices?: number;
  /** Mean, 100 unless told; a message holds 1 to four times as many, and never more than 1,000,000 bytes. */
  readonly recordsPerMessage?: number;
  /** Whether about one record in 500 is odd or belongs to an odd message; true unless told. */
  readonly oddities?: boolean;
}

const maxDevices = 10_000;
const maxRecordsPerMessage = 100_000;

/** @throws RangeError naming the option that makes no stream. */
export function checkedOptions(options: StreamOptions): Required<StreamOptions> {
  const { records, seed, end, devices = 200, recordsPerMessage = 100, oddities = true } = options;
  whole('records', records, 0, Number.MAX_SAFE_INTEGER);
  whole('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  whole('devices', devices, 1, maxDevices);
  whole('recordsPerMessage', recordsPerMessage, 1, maxRecordsPerMessage);
  const year = end.getUTCFullYear();
  if (!(year >= 1971 && year <= 9998)) {
    throw new RangeError(`The stream's end must be a date from 1971 to 9998, not ${String(end.getTime())} ms.`);
  }
  return { records, seed, end, devices, recordsPerMessage, oddities };
}

function whole(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return;
  throw new RangeError(`The stream's ${name} must be a whole number from ${lowest} to ${highest}, not ${value}.`);
}
