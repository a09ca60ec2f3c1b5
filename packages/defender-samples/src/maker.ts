import { Clock, second } from './clock';
import { type Device, Devices } from './devices';
import type { Ends } from './ends';
import { type Family, type FamilyName, families } from './families';
import { json } from './latinJson';
import { Processes } from './processes';
import { deckOf, type NonEmpty, Random } from './random';
import { type Event, type Template, templateOf } from './sampleEvent';
import type { StreamOptions } from './streamOptions';

/** Records are slightly out of the order of their times: by at most this. */
const maxDrift = 30 * second;

interface Kind {
  readonly family: Family;
  readonly template: Template;
}
const kinds = new Map<string, Kind>();
for (const [name, family] of Object.entries(families)) kinds.set(name, { family, template: templateOf(name, family) });

/** Makes the events of a stream. Times are ticks before its end. */
export class Maker {
  /** The time that the stream covers. */
  readonly span: number;
  readonly devices: Devices;
  readonly #clock: Clock;
  readonly #processes: Processes;
  readonly #tenantId: string;
  readonly #deck: NonEmpty<Kind>;

  constructor(
    readonly random: Random,
    { seed, end, minutes, devices, processes, shares }: Required<StreamOptions>,
  ) {
    this.span = minutes * 60 * second;
    this.devices = new Devices(devices, seed);
    this.#clock = new Clock(end);
    this.#processes = new Processes(processes, this.#clock, this.span);
    this.#tenantId = new Random(Math.imul(seed + 1, 0x9e3779b1)).uuid();
    const others = new Map(Object.entries(shares ?? {}));
    this.#deck = deckOf(
      [...kinds].map(([name, kind]) => [kind, shares === undefined ? kind.family.share : (others.get(name) ?? 0)]),
    );
  }

  /** Some event at a `place` from 0 (the oldest) to 1 (the newest). */
  some(place: number): Event {
    const drift = place >= 1 ? 0 : this.random.below(maxDrift);
    return this.event(this.random.pick(this.#deck), this.timeOf(place) - drift);
  }

  /** An event of a family; the caller may choose its device and its ends. */
  named(name: FamilyName, at: number, given: { readonly device?: Device; readonly ends?: Ends } = {}): Event {
    const kind = kinds.get(name);
    if (kind === undefined) throw new Error(`There is no family ${name}.`);
    return this.event(kind, at, given);
  }

  timeOf(place: number): number {
    return Math.floor((place - 1) * (this.span - maxDrift));
  }

  private event({ family, template }: Kind, at: number, given: { device?: Device; ends?: Ends } = {}): Event {
    const { random, devices } = this;
    const device = given.device ?? devices.any(family.on ?? 'windows', random);
    const ends = given.ends ?? family.ends({ random, device, colleague: () => devices.any('windows', random) });
    const { RemoteUrl: url, ReportId } = template.columns;
    return {
      template,
      table: template.table,
      random,
      clock: this.#clock,
      device,
      process: family.by && this.#processes.of(device, random.pick(family.by), random),
      tenantId: this.#tenantId,
      // Only Windows reports times finer than microseconds.
      at: device.kind === 'mac' || device.kind === 'linux' ? Math.floor(at / 10) * 10 : at,
      reportId: this.reportId(ReportId, device),
      action: template.action,
      ends,
      url: typeof url === 'string' ? url.replace('www.example.com', ends.host ?? 'www.example.com') : null,
      row: family.row,
    };
  }

  /** A ReportId as JSON in the given form: a small number, a number too large for a double, or a text. */
  private reportId(form: unknown, device: Device): string {
    const { random } = this;
    if (typeof form === 'string') return json(random.hex(32));
    if (Number(form) <= Number.MAX_SAFE_INTEGER) return String(this.devices.nextReportId(device, random));
    // Always odd, so that rounding would show.
    return `6391${random.between(10_000_000, 99_999_999)}${random.between(10_000, 99_999)}1`;
  }
}
