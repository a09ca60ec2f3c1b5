import { parse } from 'yaml';
import { readText } from '../../scripts/kql/queryFiles';
import { Books } from '../../shared/books';
import { type JsonObject, parseJson } from '../../shared/json';
import { defaultTransformSettings, type FlowMerging } from '../../shared/transform/transformSettings';
import { transformBatch } from '../../shared/transformBatch';
import { objectOf } from '../infra/json';

/** When the queries run. */
export const now = new Date('2026-11-21T12:00:00Z');

/** What a query must find, or must not find although it nearly does. */
interface Example {
  readonly note: string;
  /** Columns of the row that finds it. */
  readonly row?: JsonObject;
  /** Whether the app runs with MERGE_FLOWS, and makes one row of the events. */
  readonly merged?: true;
  readonly events: readonly Event[];
}

export interface Planted {
  readonly finds: readonly Example[];
  readonly misses: readonly Example[];
  /** Columns of the rows of the finds, each time with values that make the query miss them. */
  readonly without: readonly Change[];
}

/** A column, or a key within it such as `AdditionalFields.DirectionBasis`, and its value. */
export type Change = Readonly<Record<string, string | number | null>>;

/** An event of Defender, or several: `{n}` is the number of the event from 0, `{n+20}` that number and 20. */
interface Event {
  readonly action: string;
  readonly device: string;
  /** How long before `now`, such as `3h`. */
  readonly ago: string;
  readonly times?: number;
  /** From one to the next. */
  readonly every?: string;
  /** The first of three is as much too early, the third as much too late. */
  readonly spread?: string;
  /** Address and port; null for none. */
  readonly local?: string | null;
  readonly remote: string | null;
  readonly url?: string;
  readonly protocol?: string;
  readonly program?: string;
  readonly command?: string;
  readonly table?: 'DeviceEvents';
  readonly details?: JsonObject;
}

export function readPlanted(name: string): Planted {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a wrong file fails its test.
  return parse(readText(`test/hunting/planted/${name}.yaml`)) as Planted;
}

/** The rows that the product makes of the events. */
export async function rowsOf(examples: readonly Example[]): Promise<JsonObject[]> {
  // A counter of the device, which makes each event another one.
  let reportId = 0;
  const rows: JsonObject[] = [];
  for (const { events, merged } of examples) {
    const records = events.flatMap(recordsOf);
    const numbered = records.map(({ properties, ...envelope }) => ({
      ...envelope,
      properties: { ...properties, ReportId: ++reportId },
    }));
    const made = await rowsOfMessage(Buffer.from(JSON.stringify({ records: numbered })), merged ? 'message' : 'off');
    const expected = merged ? 1 : records.length;
    if (made.length !== expected) throw new Error(`${records.length} events became ${made.length} rows.`);
    rows.push(...made);
  }
  return rows;
}

export async function rowsOfMessage(body: Uint8Array, mergeFlows: FlowMerging = 'off'): Promise<JsonObject[]> {
  const batch = { hub: 'hub', partition: '0', messages: [{ body, sequenceNumber: '1' }] };
  const { rows } = await transformBatch(batch, { ...defaultTransformSettings, mergeFlows }, new Books());
  return rows.map(({ text }) => objectOf(parseJson(text)));
}

function recordsOf(event: Event) {
  const { times = 1, every = '0s', spread = '0s' } = event;
  return Array.from({ length: times }, (_, n) => {
    const time =
      now.getTime() - milliseconds(event.ago) + n * milliseconds(every) + ((n % 3) - 1) * milliseconds(spread);
    return recordOf(event, n, new Date(time).toISOString());
  });
}

function recordOf(event: Event, n: number, time: string) {
  const { action, device, table = 'DeviceNetworkEvents', local = '10.1.0.5:{n+50000}', program, command } = event;
  const numbered = (text: string): string =>
    text.replaceAll(/\{n(?:\+(\d+))?\}/g, (_, more: string | undefined) => String(n + Number(more ?? 0)));
  const end = (text: string | null): readonly [string, number] | readonly [null, null] => {
    const [, address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(numbered(text ?? '')) ?? [];
    return address === undefined ? [null, null] : [address, Number(port)];
  };
  const [localIp, localPort] = end(local);
  const [remoteIp, remotePort] = end(event.remote);
  return {
    time,
    tenantId: '3b1d5a6c-9f0e-4c55-8a77-2f4d6e8091ab',
    operationName: 'Publish',
    category: `AdvancedHunting-${table}`,
    properties: {
      DeviceId: `id-of-${device}`,
      DeviceName: `${device}.corp.example.com`,
      Timestamp: time,
      ActionType: action,
      LocalIP: localIp,
      LocalPort: localPort,
      RemoteIP: remoteIp,
      RemotePort: remotePort,
      Protocol: event.protocol ?? 'Tcp',
      RemoteUrl: event.url === undefined ? null : numbered(event.url),
      AdditionalFields: event.details === undefined ? null : numbered(JSON.stringify(event.details)),
      ...(program === undefined
        ? {}
        : {
            InitiatingProcessFileName: program,
            InitiatingProcessCommandLine: command ?? program,
            InitiatingProcessAccountName: 'adele',
            InitiatingProcessAccountDomain: 'corp',
          }),
    },
  };
}

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function milliseconds(text: string): number {
  const unit = units[text.slice(-1)];
  if (unit === undefined) throw new Error(`${text} is no length of time, such as 3h.`);
  return Number(text.slice(0, -1)) * unit;
}

/** The row with other values. */
export function changed(row: JsonObject, change: Change): JsonObject {
  const copy = structuredClone(row);
  for (const [path, value] of Object.entries(change)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const inner = keys.reduce((object, key) => objectOf(object[key] ?? {}), copy);
    inner[last] = value;
  }
  return copy;
}
