import { Random } from './random';

/** What runs on a device. A family of records happens on devices of one kind. */
export type Kind = 'windows' | 'mac' | 'server' | 'linux';

export interface Device {
  readonly index: number;
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly group: string | null;
  readonly address: string;
  readonly address6: string;
  /** Its user, as columns of an initiating process. */
  readonly user: Readonly<Record<string, string | null>>;
}

export const domain = 'corp.example.com';

/** The kinds of devices, repeated for every twelve. */
const kinds: readonly Kind[] = [...Array<Kind>(7).fill('windows'), 'mac', 'server', 'server', 'linux', 'linux'];
const positions = { windows: [0, 1, 2, 3, 4, 5, 6], mac: [7], server: [8, 9], linux: [10, 11] } as const;
const prefixes = { windows: 'lt', mac: 'mac', server: 'srv', linux: 'web' } as const;
const firstNames = ['anna', 'bjorn', 'carla', 'david', 'elin', 'farid', 'greta', 'hana', 'ivan', 'jonas'] as const;
const lastNames = ['berg', 'dahl', 'ek', 'falk', 'holm', 'lind', 'moe', 'nord', 'roos', 'strand'] as const;
const maxKept = 10_000;

/** The devices of a company. Each is computed from its number, so memory does not grow with their count. */
export class Devices {
  readonly #kept = new Map<number, Device>();
  /** ReportId of the last event of each device. */
  readonly #reportIds: Uint32Array;

  constructor(
    private readonly count: number,
    private readonly seed: number,
  ) {
    this.#reportIds = new Uint32Array(count);
  }

  /** A device of the kind; of any kind where there are fewer than twelve. */
  any(kind: Kind, random: Random): Device {
    const { count } = this;
    if (count < kinds.length) return this.of(random.below(count));
    const position = random.pick<number>(positions[kind]);
    return this.of(kinds.length * random.below(Math.ceil((count - position) / kinds.length)) + position);
  }

  /** The next ReportId of a device: a counter with gaps. */
  nextReportId({ index }: Device, random: Random): number {
    const last = this.#reportIds[index] || 10_000 + ((index * 7919) % 90_000);
    return (this.#reportIds[index] = last + 1 + random.below(3));
  }

  private of(index: number): Device {
    let device = this.#kept.get(index);
    if (device === undefined) {
      // Multiplying by an odd number gives each device of a stream its own seed.
      device = make(index, new Random(this.seed ^ Math.imul(index + 1, 0x9e3779b1)));
      if (this.#kept.size >= maxKept) this.#kept.clear();
      this.#kept.set(index, device);
    }
    return device;
  }
}

function make(index: number, random: Random): Device {
  const kind = kinds[index % kinds.length] ?? 'windows';
  const host = `${prefixes[kind]}-${String(index).padStart(5, '0')}`;
  const number = index % 62_500;
  const office = `10.${16 + Math.floor(index / 62_500)}.${Math.floor(number / 250)}.${1 + (number % 250)}`;
  const home = index % 24 === 5 ? '192.168.1' : index % 24 === 17 ? '100.64.7' : undefined;
  const name = `${random.pick(firstNames)}.${random.pick(lastNames)}${index}`;
  const isInCloud = index % 5 === 2;
  return {
    index,
    kind,
    id: random.hex(40),
    name: kind === 'mac' ? host : `${host}.${domain}`,
    group: random.pick(['Workstations', 'Workstations', 'Head office', null]),
    address: home === undefined ? office : `${home}.${20 + (number % 230)}`,
    address6: `2001:db8:16::${(index + 1).toString(16)}`,
    user: {
      InitiatingProcessAccountName: name,
      InitiatingProcessAccountDomain: isInCloud ? 'azuread' : 'corp',
      InitiatingProcessAccountSid: isInCloud
        ? `S-1-12-1-${random.word()}-${random.word()}-${random.word()}-${random.word()}`
        : `S-1-5-21-1004336348-1177238915-682003330-${1100 + index}`,
      InitiatingProcessAccountUpn: `${name}@example.com`,
      InitiatingProcessAccountObjectId: isInCloud ? null : random.uuid(),
    },
  };
}
