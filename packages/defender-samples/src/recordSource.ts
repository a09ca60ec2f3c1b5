import { type Activity, profiles } from './activities';
import { Clock, second } from './clock';
import { publish } from './events/envelope';
import { accept, listen } from './events/incoming';
import { inventory } from './events/otherTables';
import { connect } from './events/outgoing';
import { sightings } from './events/sightings';
import { deckOf, type NonEmpty, type Random } from './random';
import type { StreamRecord } from './records';
import type { Scene } from './scene';
import { type Device, devicesOf } from './world/devices';
import { Processes } from './world/processes';

const span = 3600 * second;

/** Records are not quite in the order of their times. */
const maxDrift = 30 * second;

/** The devices of a stream and what they do. Times are ticks before the end of the stream. */
export class RecordSource {
  readonly #clock: Clock;
  readonly #processes: Processes;
  readonly #servers: readonly Device[];
  readonly #workstations: readonly Device[];
  readonly #tenantId: string;
  /** What an activity caused after its first record; it goes into the records that follow. */
  readonly #waiting: StreamRecord[] = [];
  #next = 0;

  constructor(
    private readonly random: Random,
    devices: number,
    end: Date,
  ) {
    this.#clock = new Clock(end);
    this.#processes = new Processes(random, this.#clock);
    const { servers, workstations } = devicesOf(devices, random);
    this.#servers = servers;
    this.#workstations = workstations;
    const id = random.hex(32);
    this.#tenantId = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-9${id.slice(17, 20)}-${id.slice(20)}`;
  }

  /** The record at a `place` from 0 (the oldest) to 1 (the newest). */
  record(place: number): StreamRecord {
    // The newest event has the very time of the end, so nothing that waits may take its place.
    if (place >= 1) this.forget();
    const waiting = this.#waiting[this.#next++];
    if (waiting !== undefined) return waiting;
    this.forget();
    const scene = this.scene(place);
    play(scene, this.random.pick(decks[profileOf(scene.device)]));
    const first = this.#waiting[this.#next++];
    if (first === undefined) throw new Error('An activity caused no record.');
    return first;
  }

  /** The inventory of some device. */
  inventory(place: number): StreamRecord {
    const scene = this.scene(place);
    return publish(scene, inventory(scene));
  }

  /** A moment of some device. */
  scene(place: number): Scene {
    const { random } = this;
    const drift = place >= 1 ? 0 : random.below(maxDrift);
    return {
      random,
      clock: this.#clock,
      processes: this.#processes,
      tenantId: this.#tenantId,
      device: this.device(),
      at: Math.floor((place - 1) * (span - maxDrift)) - drift,
      emit: (record) => this.#waiting.push(record),
    };
  }

  private forget(): void {
    this.#waiting.length = 0;
    this.#next = 0;
  }

  /** Servers are one device in six and cause a quarter of the events. */
  private device(): Device {
    const { random } = this;
    const group = random.oneIn(4) && this.#servers.length > 0 ? this.#servers : this.#workstations;
    const device = group[random.below(group.length)];
    if (device === undefined) throw new Error('A stream has at least one workstation.');
    return device;
  }
}

type Profile = keyof typeof profiles;

function profileOf({ os, role }: Device): Profile {
  return os === 'macOS' ? 'macOS' : role;
}

const decks: Readonly<Record<Profile, NonEmpty<Activity>>> = {
  workstation: deckOf(profiles.workstation),
  macOS: deckOf(profiles.macOS),
  domain: deckOf(profiles.domain),
  files: deckOf(profiles.files),
  web: deckOf(profiles.web),
  database: deckOf(profiles.database),
  jump: deckOf(profiles.jump),
  print: deckOf(profiles.print),
  mail: deckOf(profiles.mail),
  terminal: deckOf(profiles.terminal),
  backup: deckOf(profiles.backup),
  intranet: deckOf(profiles.intranet),
};

function play(scene: Scene, activity: Activity): void {
  switch (activity.kind) {
    case 'outgoing':
      return connect(scene, activity);
    case 'incoming':
      return accept(scene, activity);
    case 'listening':
      return listen(scene, activity);
    case 'sighting':
      return scene.emit(publish(scene, sightings[activity.what](scene)));
  }
}
