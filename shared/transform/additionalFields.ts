import type { Json, JsonObject } from '../json';
import { type NetworkEvent, parsedJson } from './event';
import { toReportId } from './eventUid';
import { fitObject } from './fitObject';
import { deviceName } from './names';
import type { AdditionalFieldsLevel } from './settings';
import { initiatingProcessColumns, knownColumns } from './sourceColumns';
import { toAddress } from './values/address';
import { toPort } from './values/numbers';
import { toText } from './values/text';
import { redactUrl } from './values/url';

/** Everything about the event that has no column of its own: one JSON object, values as Defender sent them. */
export function additionalFields(event: NetworkEvent): JsonObject {
  const fields: Record<string, Json | undefined> = {
    Table: event.table,
    ActionType: event.field('ActionType'),
    DeviceId: event.field('DeviceId'),
    MachineGroup: event.field('MachineGroup'),
    AadTenantId: event.envelope('tenantId'),
    TimeReceivedBySvc: event.envelope('received'),
    TimePublished: event.envelope('time'),
    LocalIP: addressAsSent(event.field('LocalIP')),
    LocalPort: event.field('LocalPort'),
    RemoteIP: addressAsSent(event.field('RemoteIP')),
    RemotePort: event.field('RemotePort'),
    LocalIPType: event.field('LocalIPType'),
    RemoteIPType: event.field('RemoteIPType'),
    Protocol: event.field('Protocol'),
    DirectionBasis: event.orientation.basis,
    InitiatingProcess: initiatingProcess(event),
    AppGuardContainerId: event.field('AppGuardContainerId'),
    ...detail(event),
    Unmapped: unmapped(event),
    Raw: raw(event),
  };
  const kept: Record<string, Json | undefined> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== '' && isKept(key, event.settings.additionalFields)) kept[key] = value;
  }
  return fitObject(kept);
}

const minimalKeys = new Set([
  'Table',
  'DeviceId',
  'AadTenantId',
  'DirectionBasis',
  'InitiatingProcess',
  'DetailRaw',
  'Raw',
]);

function isKept(key: string, level: AdditionalFieldsLevel): boolean {
  if (level === 'minimal') return minimalKeys.has(key);
  return level === 'full' || key !== 'Unmapped';
}

function addressAsSent(value: Json | undefined): Json | undefined {
  return typeof value === 'string' && toText(value) === undefined ? undefined : value;
}

function initiatingProcess(event: NetworkEvent): JsonObject | undefined {
  const process: JsonObject = {};
  for (const { column, key, levels } of initiatingProcessColumns) {
    if (!levels.includes(event.settings.additionalFields)) continue;
    const value = event.field(column);
    if (value !== undefined && value !== null && value !== '') process[key] = value;
  }
  return Object.keys(process).length === 0 ? undefined : process;
}

/** Detail: Defender's own AdditionalFields, parsed; DetailRaw: what it said where that cannot be read. */
function detail(event: NetworkEvent): { Detail?: Json; DetailRaw?: Json } {
  const sent = event.field('AdditionalFields');
  if (sent === undefined || sent === null) return {};
  if (Object.keys(event.details).length > 0) return { Detail: redactDetail(event, event.details) };
  if (typeof sent === 'string' && saysNothing(sent)) return {};
  const list = parsedJson(sent);
  if (Array.isArray(list)) return list.length > 0 ? { Detail: list } : {};
  return typeof sent === 'object' ? {} : { DetailRaw: sent };
}

const nothing = new Set(['', '{}', '[]', 'null', '-']);

function saysNothing(text: string): boolean {
  return text.length <= 64 && nothing.has(text.replace(/\s/g, ''));
}

/** Keys of Zeek's HTTP rows that hold URLs: what the setting takes out of UrlOriginal must not stay here. */
const urlKeys = ['uri', 'referrer', 'referer'] as const;

function redactDetail(event: NetworkEvent, details: JsonObject): JsonObject {
  const redacted: JsonObject = {};
  for (const key of urlKeys) {
    const url = Object.hasOwn(details, key) ? details[key] : undefined;
    if (typeof url === 'string') redacted[key] = redactUrl(url, event.settings.urlRedaction);
  }
  return { ...details, ...redacted };
}

/** Columns that this product does not know: kept as sent, so that nothing new from Defender is lost. */
function unmapped(event: NetworkEvent): JsonObject | undefined {
  const unknown: [string, Json][] = [];
  for (const [name, value] of Object.entries(event.record.properties)) {
    if (value !== null && !knownColumns.has(name)) unknown.push([name, value]);
  }
  return unknown.length === 0 ? undefined : Object.fromEntries(unknown);
}

/** What Defender sent where the column meant for it could not take it, and no other key here shows it. */
function raw(event: NetworkEvent): JsonObject | undefined {
  const kept: JsonObject = {};
  const keep = (name: string, taken: boolean): void => {
    const value = event.field(name);
    if (taken || value === undefined || value === null) return;
    if (typeof value === 'string' && toText(value) === undefined) return;
    kept[name] = typeof value === 'string' ? redactUrl(value, event.settings.urlRedaction) : value;
  };
  keep('DeviceName', deviceName(event) !== undefined);
  keep('RemoteUrl', event.remoteUrl !== undefined);
  keep('ReportId', toReportId(event.field('ReportId')) !== undefined);
  if (event.settings.additionalFields === 'minimal') {
    for (const end of ['Local', 'Remote'] as const) {
      keep(`${end}IP`, toAddress(event.field(`${end}IP`)) !== undefined);
      keep(`${end}Port`, toPort(event.field(`${end}Port`)) !== undefined || event.field(`${end}Port`) === 0);
    }
  }
  return Object.keys(kept).length === 0 ? undefined : kept;
}
