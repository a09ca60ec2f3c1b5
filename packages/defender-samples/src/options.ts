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
  /** Whether some records are odd or belong to an odd message; true unless told. */
  readonly oddities?: boolean;
  /** Mean of the records from one oddity to the next, 500 unless told. */
  readonly oddityInterval?: number;
}

const maxDevices = 10_000;
const maxRecordsPerMessage = 100_000;

/** @throws RangeError naming the option that makes no stream. */
export function checkedOptions(options: StreamOptions): Required<StreamOptions> {
  const { records, seed, end, devices = 200, recordsPerMessage = 100, oddities = true } = options;
  const { oddityInterval = 500 } = options;
  whole('records', records, 0, Number.MAX_SAFE_INTEGER);
  whole('seed', seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  whole('devices', devices, 1, maxDevices);
  whole('recordsPerMessage', recordsPerMessage, 1, maxRecordsPerMessage);
  whole('oddityInterval', oddityInterval, 1, Number.MAX_SAFE_INTEGER / 2);
  const year = end.getUTCFullYear();
  if (!(year >= 1971 && year <= 9998)) {
    throw new RangeError(`The stream's end must be a date from 1971 to 9998, not ${String(end.getTime())} ms.`);
  }
  return { records, seed, end, devices, recordsPerMessage, oddities, oddityInterval };
}

function whole(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return;
  throw new RangeError(`The stream's ${name} must be a whole number from ${lowest} to ${highest}, not ${value}.`);
}
