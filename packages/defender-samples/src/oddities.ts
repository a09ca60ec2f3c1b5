import { second } from './clock';
import type { Maker } from './maker';
import type { NonEmpty, Random } from './random';
import { type Event, publishedAgain, type StreamRecord, write } from './sampleEvent';
import { type DeadReason, outbound } from './truth';

/** What can be odd about a message as a whole. */
const messageOddities = ['truncated', 'empty', 'lines', 'byteOrderMark', 'full'] as const;
export type MessageOddity = (typeof messageOddities)[number];

/** Makes one unusual record, or two that belong together, from an ordinary event. Everything else about them is ordinary. */
type Oddity = (event: Event) => NonEmpty<StreamRecord>;

const tampered =
  (change: (text: string, random: Random) => string, reason?: DeadReason): Oddity =>
  (event) => {
    const record = write(event);
    const text = change(record.text, event.random);
    return [{ ...record, text, ...(reason && { outcome: { state: 'dead', reason } }) }];
  };
/** Two events that differ only in one part of their key. */
const twins =
  (change: (event: Event) => Partial<Event>): Oddity =>
  (event) => [write(event), write({ ...event, ...change(event) })];

const badTimestamps: NonEmpty<string> = ['null', '"yesterday"', '"2026-02-30T10:00:00Z"', '1795420800', '""'];
const timestamp = /"Timestamp":"[^"]*"/;

const oddities = {
  noCategory: tampered((text) => text.replace(/"category":"[^"]*",/, ''), 'NoCategory'),
  noProperties: tampered((text, random) => {
    const properties = random.pick(['', '"properties":null,', '"properties":17,']);
    return text.replace(/"properties":\{.*\},(?="Tenant")/, properties);
  }, 'NoProperties'),
  notARecord: tampered((_, random) => random.pick(['null', '17', '"heartbeat"', 'true']), 'NotARecord'),
  badTimestamp: tampered(
    (text, random) => text.replace(timestamp, `"Timestamp":${random.pick(badTimestamps)}`),
    'BadTimestamp',
  ),
  unknownColumn: tampered((text) => text.replace('"Timestamp":', '"NetworkInterfaceLabel":"Wi-Fi 2","Timestamp":')),
  unknownAction: (event) => [write({ ...event, action: 'ConnectionMigrated', row: { from: 'local', isGuess: true } })],
  dashes: (event) => {
    const dash = { ip: '-', port: 0 };
    const ends = event.random.oneIn(2) ? { local: dash } : { remote: dash };
    return [write({ ...event, ends: { ...event.ends, ...ends } })];
  },
  textPorts: (event) => {
    const { local, remote } = event.ends;
    const ends = {
      local: { ...local, port: String(local.port) },
      remote: { ...remote, port: String(remote.port) },
    };
    return [write({ ...event, ends })];
  },
  otherTable: (event) => {
    const row = { from: 'local', isGuess: true } as const;
    const action = 'FirewallOutboundConnectionBlocked';
    const denied = { ...outbound, deviceAction: 'Deny' } as const;
    return [write({ ...event, action, row }), write({ ...event, table: 'DeviceEvents', action, row: denied })];
  },
  otherTenantId: twins(({ tenantId }) => ({ tenantId: otherId(tenantId) })),
  otherDeviceId: twins(({ device }) => ({ device: { ...device, id: otherId(device.id) } })),
  // A microsecond: every sensor has at least this resolution.
  otherTimestamp: twins(({ at }) => ({ at: at - 10 })),
  otherReportId: twins(({ reportId }) => ({ reportId: String(Number(reportId) + 1_000_000) })),
  otherActionType: twins(() => ({ action: 'ConnectionRequest' })),
  otherLocalIP: twins(({ ends }) => ({ ends: { ...ends, local: { ...ends.local, ip: '192.168.7.250' } } })),
  otherLocalPort: twins(({ ends }) => ({
    ends: { ...ends, local: { ...ends.local, port: Number(ends.local.port) - 1 } },
  })),
  otherRemoteIP: twins(({ ends }) => ({ ends: { ...ends, remote: { ...ends.remote, ip: '198.51.100.250' } } })),
  otherRemotePort: twins(({ ends }) => ({ ends: { ...ends, remote: { ...ends.remote, port: 8443 } } })),
  otherRemoteUrl: twins(({ url }) => ({ url: `https://${url}/` })),
} satisfies Record<string, Oddity>;
type RecordOddity = keyof typeof oddities | 'duplicate';
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant.
const all = [...messageOddities, ...(Object.keys(oddities) as RecordOddity[]), 'duplicate' as const];

/**
 * Decides when something odd happens: once in `meanGap` records on average, every oddity once before any comes again.
 * Those of messages wait for the next message, those of records for the next record that can be odd.
 */
export class Oddities {
  readonly #messages: MessageOddity[] = [];
  readonly #records: RecordOddity[] = [];
  #deck: (MessageOddity | RecordOddity)[] = [];
  #gap: number;

  constructor(
    private readonly maker: Maker,
    private readonly isOn: boolean,
    private readonly meanGap: number,
  ) {
    this.#gap = this.draw();
  }

  /** Call after each record. */
  step(): void {
    if (!this.isOn) return;
    this.#gap--;
    if (this.#gap > 0) return;
    this.#gap = this.draw();
    if (this.#deck.length === 0) this.#deck = this.maker.random.shuffled(all);
    const oddity = this.#deck.pop();
    if (oddity === undefined) return;
    if (isOfMessage(oddity)) this.#messages.push(oddity);
    else this.#records.push(oddity);
  }

  message(): MessageOddity | undefined {
    return this.#messages.shift();
  }

  /** The odd records that are due, if any; a duplicate needs an `earlier` row of the same message. */
  records(place: number, earlier: StreamRecord | undefined): readonly StreamRecord[] {
    const [oddity] = this.#records;
    if (oddity === undefined || (oddity === 'duplicate' && earlier === undefined)) return [];
    this.#records.shift();
    const event = this.maker.named('ConnectionSuccess', this.maker.timeOf(place));
    if (oddity !== 'duplicate') return oddities[oddity](event);
    if (earlier?.outcome.state !== 'row') return [];
    const text = publishedAgain(event.clock, earlier, this.maker.random.between(30, 300) * second);
    return [{ ...earlier, text, outcome: { state: 'duplicate', uid: earlier.outcome.uid } }];
  }

  private draw(): number {
    return this.maker.random.between(1, 2 * this.meanGap - 1);
  }
}

function isOfMessage(oddity: MessageOddity | RecordOddity): oddity is MessageOddity {
  return messageOddities.some((name) => name === oddity);
}

/** Another id of the same form. */
function otherId(id: string): string {
  return `${id.startsWith('a') ? 'b' : 'a'}${id.slice(1)}`;
}
