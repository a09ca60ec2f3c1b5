import type { Clock } from './clock';
import type { Random } from './random';
import type { Outcome, StreamRecord } from './records';
import type { Device } from './world/devices';
import type { Processes } from './world/processes';

/** Everything that makes the events of one moment. */
export interface Scene {
  readonly random: Random;
  readonly clock: Clock;
  readonly processes: Processes;
  readonly tenantId: string;
  readonly device: Device;
  /** When it happens, in ticks before the end of the stream. */
  readonly at: number;
  /** Where its records go. */
  readonly emit: (record: StreamRecord) => void;
}

/** An event before it is written down. */
export interface Event {
  /** The table's name as it is in `category`. */
  readonly table: string;
  readonly at: number;
  /** JSON. */
  readonly properties: string;
  readonly outcome: Outcome;
}
