import { type Clock, second } from './clock';
import type { Device } from './devices';
import { json } from './latinJson';
import programs from './programs.json';
import { Random } from './random';

export type ProgramName = keyof typeof programs;

/** JSON of the columns of an initiating process, by column; `folder` is its path without the file. */
export type Process = ReadonlyMap<string, string>;

const names = Object.keys(programs);
const maxKept = 20_000;

/** The processes of devices. Each is computed from its number, so memory does not grow with their count. */
export class Processes {
  readonly #kept = new Map<number, Process>();

  constructor(
    /** How many of each program run on a device. */
    private readonly perProgram: number,
    private readonly clock: Clock,
    /** How many ticks before the end of the stream the youngest process starts, at least. */
    private readonly youngest: number,
  ) {}

  of(device: Device, program: ProgramName, random: Random): Process {
    const number =
      (device.index * names.length + names.indexOf(program)) * this.perProgram + random.below(this.perProgram);
    let process = this.#kept.get(number);
    if (process === undefined) {
      process = this.start(device, programs[program], new Random(Math.imul(number + 1, 0x85ebca6b)));
      if (this.#kept.size >= maxKept) this.#kept.clear();
      this.#kept.set(number, process);
    }
    return process;
  }

  private start(device: Device, program: (typeof programs)[ProgramName], random: Random): Process {
    const created = -this.youngest - random.between(1, 72_000) * second - 10 * random.below(1_000_000);
    const path = program.InitiatingProcessFolderPath;
    const isGerman = device.index % 10 === 3 && program.InitiatingProcessAccountDomain === 'nt authority';
    const columns = {
      ...program,
      ...(program.InitiatingProcessAccountUpn === null ? {} : device.user),
      ...(isGerman ? { InitiatingProcessAccountDomain: 'nt-autorität' } : {}),
      InitiatingProcessCreationTime: this.clock.timestamp(created),
      InitiatingProcessParentCreationTime: this.clock.timestamp(created - 3 * second),
      InitiatingProcessId: 4 * random.between(300, 8000),
      InitiatingProcessParentId: 4 * random.between(100, 290),
      InitiatingProcessCommandLine: program.InitiatingProcessCommandLine.replaceAll('#', () =>
        String(random.between(1000, 9999)),
      ),
      InitiatingProcessUniqueId: `1351${random.between(100_000_000, 999_999_999)}${random.between(1000, 9999)}`,
      folder: path.slice(0, Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/'))),
    };
    return new Map(Object.entries(columns).map(([name, value]) => [name, json(value)]));
  }
}
