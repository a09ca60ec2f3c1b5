import { hash } from 'node:crypto';
import { legacyColumns } from '../defender/defenderTables';
import { isSourceObject, type Json, type SourceJson, type Writing, writeSource } from '../json';
import type { RecordReader } from './recordReader';
import { toTicksText } from './values/time';

/**
 * EventUid: UUIDv5 (RFC 9562) of what identifies an event in Defender. The same event always gets the same id, in whichever
 * format and spelling it arrives. Never change the recipe after the first release: readers remove duplicates by this id.
 */
const namespace = Buffer.from('9d0c0f2e4f534a559a0e2f7a3c1d5b60', 'hex');

export function eventUid(event: RecordReader): string {
  const tenantId = event.envelope('tenantId');
  const prefix = `${typeof tenantId === 'string' ? tenantId.trim().toLowerCase() : ''}|${event.table}|`;
  const deviceId = event.text('DeviceId')?.toLowerCase();
  const timestamp = event.timestamp;
  const reportId = toReportId(event.field('ReportId'));
  if (deviceId === undefined || timestamp === undefined || reportId === undefined) {
    return uuidV5(prefix + writeSource(withModernNames(event.record.source()), inName));
  }
  let name = `${prefix}${deviceId}|${toTicksText(timestamp)}|${reportId}`;
  for (const column of keyColumns) name += `|${asSent(event, column)}`;
  return uuidV5(name);
}

/** Defender gives one ReportId to several events of a device at the same time; they differ in at least one of these. */
export const keyColumns = ['ActionType', 'LocalIP', 'LocalPort', 'RemoteIP', 'RemotePort', 'RemoteUrl'] as const;

/** How values become part of the name: keys sorted, lone surrogates as U+FFFD. */
const inName: Writing = { order: (keys) => keys.toSorted(), text: (text) => text.toWellFormed() };

/** A column's value as sent: text trimmed, a number as its digits, null as an empty text. */
function asSent(event: RecordReader, column: (typeof keyColumns)[number]): string {
  const value = event.field(column);
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object') return String(value);
  const source = event.record.source();
  return isSourceObject(source) ? writeSource(source[column] ?? null, inName) : '';
}

/** The exact digits of ReportId, which some tables send as a string. */
function toReportId(value: Json | undefined): string | undefined {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  const text = typeof value === 'string' ? value.trim() : '';
  return /^-?\d+$/.test(text) ? text : undefined;
}

/** Holds the name while it is hashed. */
const scratch = Buffer.alloc(4096);
/** The first digit of the fourth group says by which rule a UUID is made. */
const variants = '89ab';

export function uuidV5(name: string): string {
  // No UTF-16 unit takes more than three bytes; lone surrogates are written as U+FFFD.
  const atMostBytes = namespace.length + name.length * 3;
  const bytes = atMostBytes <= scratch.length ? scratch : Buffer.alloc(atMostBytes);
  namespace.copy(bytes);
  const end = namespace.length + bytes.write(name, namespace.length);
  const hex = hash('sha1', bytes.subarray(0, end));
  const variant = variants[Number.parseInt(hex.charAt(16), 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Renames the columns of retired tables. If both names are present, the modern one wins unless it is null. */
function withModernNames(properties: SourceJson): SourceJson {
  if (!isSourceObject(properties)) return properties;
  const renamed = { ...properties };
  for (const [old, modern] of Object.entries(legacyColumns)) {
    if (!Object.hasOwn(properties, old)) continue;
    renamed[modern] = properties[modern] ?? properties[old] ?? null;
    delete renamed[old];
  }
  return renamed;
}
