import { type FamilyName, families } from './families';
import { type ScenarioName, scenarios } from './scenarios';

export interface StreamOptions {
  /** Records of all tables, odd ones included; a message that cannot be read counts as one. */
  readonly records: number;
  /** Only the lowest 32 bits are used. */
  readonly seed: number;
  /** Time of the newest event. */
  readonly end: Date;
  /** All events lie within this many minutes before `end`; 60 by default. */
  readonly minutes?: number;
  /** How many devices report, 200 by default. Of twelve, seven are Windows workstations, one is a Mac, four are servers. */
  readonly devices?: number;
  /** How many processes of each program run on a device, 3 by default. */
  readonly processes?: number;
  /** Least and most records in a message, 100 and 400 by default. No message takes more than 1,000,000 bytes. */
  readonly recordsPerMessage?: readonly [least: number, most: number];
  /** Replaces the shares of the families; families that are not named are left out. */
  readonly shares?: Readonly<Partial<Record<FamilyName, number>>> | undefined;
  /** Whether some records and messages are odd: damaged, unusual or sent twice. True by default. */
  readonly oddities?: boolean;
  /** Mean number of records from one oddity to the next, 500 by default. */
  readonly oddityInterval?: number;
  /** Attacks to mix in; `at` is where each begins: 0 at the start of the stream, 1 as late as it fits. None by default. */
  readonly scenarios?: readonly { readonly name: ScenarioName; readonly at: number }[];
}

const defaults = {
  minutes: 60,
  devices: 200,
  processes: 3,
  recordsPerMessage: [100, 400],
  shares: undefined,
  oddities: true,
  oddityInterval: 500,
  scenarios: [],
} as const;

/** @throws RangeError that names the option with an impossible value. */
export function checkedOptions(options: StreamOptions): Required<StreamOptions> {
  const checked = { ...defaults, ...options };
  const [least, most] = checked.recordsPerMessage;
  whole('records', checked.records, 0, Number.MAX_SAFE_INTEGER);
  whole('seed', checked.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  whole('end in ms', checked.end.getTime(), Date.UTC(1971), Date.UTC(9999) - 1);
  whole('minutes', checked.minutes, 1, 43_200);
  whole('devices', checked.devices, 1, 1_000_000);
  whole('processes', checked.processes, 1, 10_000);
  whole('recordsPerMessage', most, 1, 100_000);
  whole('recordsPerMessage', least, 1, most);
  whole('oddityInterval', checked.oddityInterval, 1, 2 ** 31);
  for (const [name, share] of Object.entries(checked.shares ?? {})) {
    if (!Object.hasOwn(families, name)) throw new RangeError(`The stream's shares name ${name}, which is no family.`);
    whole(`share of ${name}`, share, 1, 10_000);
  }
  for (const { name, at } of checked.scenarios) {
    if (!Object.hasOwn(scenarios, name)) throw new RangeError(`The stream's scenarios name ${name}, which is none.`);
    if (!(at >= 0 && at <= 1)) throw new RangeError(`The stream's scenario ${name} must be at 0 to 1, not ${at}.`);
  }
  return checked;
}

function whole(name: string, value: number, lowest: number, highest: number): void {
  if (Number.isSafeInteger(value) && value >= lowest && value <= highest) return;
  throw new RangeError(`The stream's ${name} must be a whole number from ${lowest} to ${highest}, not ${value}.`);
}
