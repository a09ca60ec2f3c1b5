import { type Json, type JsonObject, stringifyJson } from '../json';
import type { NetworkEvent } from './event';
import { maxDepth } from './fitObject';
import { firstEphemeralPort } from './orientation';
import { eventCount } from './timeSpan';
import { toCountOfEvents, toPort } from './values/numbers';
import { toDatetime } from './values/time';

/** A record that may share a row with other records of its message (MERGE_FLOWS). */
export interface FlowRecord {
  /** The same for identical connections, and cheap. Most other records differ in it. */
  readonly likeness: string;
  /** Undefined for an event that never shares a row. */
  readonly flow: () => Flow | undefined;
}

export interface Flow {
  /** The same for identical connections alone: everything about them but their times and their {@link OwnValues}. */
  readonly key: string;
  /** These four as in a row of the record alone. */
  readonly eventCount: number;
  readonly timeGenerated: string;
  readonly start: string;
  readonly end: string;
  readonly own: OwnValues;
  /** The key of `Detail` that holds the number of events of an aggregated report. */
  readonly countKey: string | undefined;
}

/** Values that identical connections may differ in. A shared row has those that are the same in all its records. */
export interface OwnValues {
  /** When Defender published and received the record. */
  readonly time: Json | undefined;
  readonly received: Json | undefined;
  ReportId?: Json | undefined;
  /** One of the two, if it is the ephemeral port of the source. */
  LocalPort?: Json | undefined;
  RemotePort?: Json | undefined;
}

/** Undefined without MERGE_FLOWS. Keeps the record in memory for as long as it is kept itself. */
export function flowRecord(event: NetworkEvent): FlowRecord | undefined {
  if (event.settings.mergeFlows === 'off') return undefined;
  let likeness = event.actionType ?? '';
  for (const column of likenessColumns) likeness += `|${plain(event.record.properties[column])}`;
  return { likeness, flow: () => flowOf(event) };
}

/** What differs most between the records of a message. */
const likenessColumns = ['DeviceId', 'RemoteIP', 'LocalIP', 'RemoteUrl', 'InitiatingProcessId'] as const;

function plain(value: Json | undefined): string | number {
  return typeof value === 'string' || typeof value === 'number' ? value : '';
}

/**
 * The flow of an event, read from the record, because a setting that shortens rows makes no connections identical. Undefined for
 * an event without a DeviceId, with bytes and a duration of its own, or with a value nested so deeply that rows have only a part.
 */
function flowOf(event: NetworkEvent): Flow | undefined {
  const { timestamp, span, record, action } = event;
  if (timestamp === undefined || event.text('DeviceId') === undefined) return undefined;
  if (action.name === 'IcmpConnectionInspected') return undefined;
  const { table, tenantId, time, received, properties, unknownFields } = record;
  const compared: Record<string, Json | undefined> = { ...properties };
  compared['Timestamp'] = undefined;
  // In the retired table the column has its old name.
  if ((properties['Timestamp'] ?? null) === null) compared['EventTime'] = undefined;
  const own: OwnValues = { time, received };
  const reportId = event.text('ReportId');
  if (reportId !== undefined) {
    own.ReportId = reportId;
    compared['ReportId'] = undefined;
  }
  const port = ephemeralPort(event);
  if (port !== undefined) {
    own[port] = properties[port];
    compared[port] = undefined;
  }
  const countKey = countKeyOf(event);
  if (countKey !== undefined) compared['AdditionalFields'] = without(event.unwrapped.members, countKey);
  if ([tenantId, time, received, unknownFields, compared].some((value) => isDeeper(value, maxDepth))) return undefined;
  const { src, device, basis } = event.orientation;
  const concluded = [src, device, basis, span.basis, port, countKey !== undefined];
  const timeGenerated = toDatetime(timestamp);
  return {
    key: stringifyJson([table, tenantId, concluded, unknownFields, compared]),
    eventCount: eventCount(event),
    timeGenerated,
    start: span.start === undefined ? timeGenerated : toDatetime(span.start),
    end: span.end === undefined ? timeGenerated : toDatetime(span.end),
    own,
    countKey,
  };
}

/**
 * The column with the port that the system of the source chose for this connection. Undefined if the port may mean something, or
 * if nothing decided which end is the source.
 */
function ephemeralPort(event: NetworkEvent): 'LocalPort' | 'RemotePort' | undefined {
  const { src, basis } = event.orientation;
  if (src === undefined || basis === 'default') return undefined;
  const column = src === 'Local' ? 'LocalPort' : 'RemotePort';
  const port = toPort(event.record.properties[column]);
  return port !== undefined && port >= firstEphemeralPort ? column : undefined;
}

/** Undefined if the count cannot be read, or not without doubt: then it is compared like any other value. */
function countKeyOf(event: NetworkEvent): string | undefined {
  const { action, unwrapped } = event;
  if (!action.isAggregated || unwrapped.damaged !== undefined) return undefined;
  const keys = Object.keys(unwrapped.members).filter((key) => key.toLowerCase() === 'uniqueeventsaggregated');
  const isRead = toCountOfEvents(event.spelt('uniqueEventsAggregated')) !== undefined;
  return isRead && keys.length === 1 ? keys[0] : undefined;
}

/** Recursion stops at the depth, so that no record can exhaust the stack here or where the key is written. */
function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((inner) => isDeeper(inner, depth - 1));
}

export function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object;
  return rest;
}
