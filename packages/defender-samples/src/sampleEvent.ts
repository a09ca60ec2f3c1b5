import { type Clock, second } from './clock';
import detailsByName from './details.json';
import type { Device } from './devices';
import type { Ends } from './ends';
import type { Family } from './families';
import { json, plain } from './latinJson';
import type { Process } from './processes';
import type { Random } from './random';
import records from './records.json';
import { eventUidOf } from './sampleEventUid';
import { type Endpoint, type Meaning, type Outcome, sessionOf } from './truth';

/** A copy of a family's record, before it becomes JSON. */
export interface Event {
  readonly template: Template;
  readonly table: string;
  readonly random: Random;
  readonly clock: Clock;
  readonly device: Device;
  readonly process: Process | undefined;
  readonly tenantId: string;
  /** Ticks before the end of the stream. */
  readonly at: number;
  /** JSON text. */
  readonly reportId: string;
  readonly action: string;
  readonly ends: Ends;
  readonly url: string | null;
  /** What its row must say; undefined for an event that must be skipped. */
  readonly row: Meaning | undefined;
}

export interface StreamRecord {
  /** JSON of the record in its envelope, one character per byte. */
  readonly text: string;
  readonly outcome: Outcome;
  readonly deviceId: string;
  /** When Defender published it, in ticks before the end of the stream. */
  readonly publishedAt: number;
}

/** JSON text split where values vary, so that making an event costs little more than copying the text. */
type Gapped = readonly (string | ((event: Event) => string))[];

export interface Template {
  readonly action: string;
  readonly table: string;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly properties: Gapped;
  readonly details: readonly Gapped[];
}

/** @param name the name of the family; its first word is the ActionType. */
export function templateOf(name: string, { like, set, details, direction, by }: Family): Template {
  const { table, columns: written } = records[like];
  const [action = name] = name.split(' ');
  const columns: Record<string, unknown> = { ...written, ...set };
  const properties: Gapped[number][] = [];
  for (const [column, value] of Object.entries(columns)) {
    const isDetailed = column === 'AdditionalFields' && details !== undefined;
    const gap = isDetailed ? detailsOf : gapOf(column, value, by !== undefined);
    properties.push(`${properties.length === 0 ? '{' : ','}"${column}":`, gap ?? json(value));
  }
  const examples: readonly object[] = details === undefined ? [] : detailsByName[details];
  return {
    action,
    table,
    columns,
    properties: joined([...properties, '}']),
    details: examples.map((example) => gapped(json(JSON.stringify(direction ? { direction, ...example } : example)))),
  };
}

/** Placeholders in the examples, and what replaces each of them in a copy. */
const placeholders: Readonly<Record<string, (event: Event) => string>> = {
  'www.example.com': ({ ends }) => ends.host ?? 'www.example.com',
  CTCSDd3O7KZXYtYN55: ({ random }) => `C${random.letters(17)}`,
  // Zeek saw the connection up to six seconds before the event.
  133476623905800000: ({ clock, random, at }) => clock.fileTime(at - random.below(6 * second)),
};
const placeholder = new RegExp(`(${Object.keys(placeholders).join('|')})`);

function gapped(text: string): Gapped {
  return text.split(placeholder).map((part) => placeholders[part] ?? part);
}

/** The columns that differ from copy to copy. */
const gaps: Readonly<Record<string, (event: Event) => string>> = {
  DeviceName: ({ device }) => plain(device.name),
  DeviceId: ({ device }) => plain(device.id),
  MachineGroup: ({ device }) => plain(device.group),
  Timestamp: ({ clock, at }) => plain(clock.timestamp(at)),
  ReportId: ({ reportId }) => reportId,
  ActionType: ({ action }) => plain(action),
  LocalIP: ({ ends }) => plain(ends.local.ip),
  LocalPort: ({ ends }) => portOf(ends.local),
  LocalIPType: ({ ends }) => plain(typeOf(ends.local)),
  RemoteIP: ({ ends }) => plain(ends.remote.ip),
  RemotePort: ({ ends }) => portOf(ends.remote),
  RemoteIPType: ({ ends }) => plain(typeOf(ends.remote)),
  RemoteUrl: ({ url }) => plain(url),
};
const modernNames = new Map([
  ['EventTime', 'Timestamp'],
  ['MachineId', 'DeviceId'],
  ['ComputerName', 'DeviceName'],
]);

function gapOf(column: string, value: unknown, hasProcess: boolean): ((event: Event) => string) | undefined {
  if (column.startsWith('InitiatingProcess')) {
    if (!hasProcess || value === null || value === 0 || value === '0' || value === 'None') return undefined;
    const isFolder = column.endsWith('FolderPath') && typeof value === 'string' && !value.endsWith('.exe');
    return ({ process }) => process?.get(isFolder ? 'folder' : column) ?? 'null';
  }
  const isEnd = /^(?:Local|Remote)(?:IP|Port)$/.test(column);
  return value === null && !isEnd ? undefined : gaps[modernNames.get(column) ?? column];
}

function detailsOf(event: Event): string {
  const { random, template } = event;
  return filled(template.details[random.below(template.details.length)] ?? ['null'], event);
}

/** Joins neighbouring texts. */
function joined(parts: Gapped): Gapped {
  const shorter: Gapped[number][] = [];
  for (const part of parts) {
    const last = shorter.at(-1);
    if (typeof part === 'string' && typeof last === 'string') shorter[shorter.length - 1] = last + part;
    else shorter.push(part);
  }
  return shorter;
}

function filled(parts: Gapped, event: Event): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : part(event);
  return text;
}

function portOf({ port }: Endpoint): string {
  return typeof port === 'string' ? plain(port) : String(port);
}

/** As the sensor in the kernel classifies an address. */
function typeOf({ ip }: Endpoint): string | null {
  if (ip === null) return null;
  if (ip.startsWith('::ffff:')) return 'FourToSixMapping';
  if (/^(?:10|192\.168)\./.test(ip)) return 'Private';
  return ip.startsWith('127.') ? 'Loopback' : ip.startsWith('100.') ? 'CarrierGradeNat' : 'Public';
}

/** Puts an event into the envelope of the streaming API, with the outcome that it must have. */
export function write(event: Event): StreamRecord {
  const { random, clock, device, at, table } = event;
  const properties = filled(event.template.properties, event);
  // One event in four hundred comes from a device that was offline, as late as the end of the stream allows.
  const isLate = random.oneIn(400);
  const receivedAt = at + (isLate ? random.below(1 - at) : 0) + random.between(second / 2, 45 * second);
  const publishedAt = receivedAt + random.between(8 * second, 150 * second);
  return {
    text: `{"time":"${clock.published(publishedAt)}","tenantId":"${event.tenantId}","operationName":"Publish","category":"AdvancedHunting-${table}","_TimeReceivedBySvc":"${clock.published(receivedAt)}","properties":${properties},"Tenant":"DefaultTenant"}`,
    outcome: outcomeOf(event),
    deviceId: device.id,
    publishedAt,
  };
}

function outcomeOf({ row, table, action, ends, url, ...event }: Event): Outcome {
  if (row === undefined) return { state: 'skipped', key: table === 'DeviceEvents' ? `${table}/${action}` : table };
  const { local, remote } = ends;
  const timestamp = event.clock.published(event.at);
  const uid = eventUidOf({
    tenantId: event.tenantId,
    table: table === 'NetworkCommunicationEvents' ? 'DeviceNetworkEvents' : table,
    deviceId: event.device.id,
    timestamp,
    reportId: event.reportId,
    actionType: action,
    localIp: local.ip ?? '',
    localPort: String(local.port ?? ''),
    remoteIp: remote.ip ?? '',
    remotePort: String(remote.port ?? ''),
    remoteUrl: url ?? '',
  });
  const client = row.from === 'nobody' || row.isGuess === true ? undefined : row.from;
  return { state: 'row', uid, session: sessionOf(timestamp, action, row, local, remote), client };
}

/** The same record as it would look if Defender published it again, `ticks` later. */
export function publishedAgain(clock: Clock, record: StreamRecord, ticks: number): string {
  const start = '{"time":"2026-11-21T08:15:28.1883500Z"'.length;
  return `{"time":"${clock.published(record.publishedAt + ticks)}"${record.text.slice(start)}`;
}
