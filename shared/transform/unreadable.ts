import type { Json } from '../json';
import type { NetworkEvent } from './event';
import { toDirection } from './orientation';
import type { End } from './recordReader';
import { saysNothing } from './secondSources';
import { toEndpoint } from './values/address';
import { toCountOfEvents, toPort } from './values/numbers';
import { fromFiletime } from './values/time';

const ends = [
  { end: 'Local', address: 'LocalIP', port: 'LocalPort' },
  { end: 'Remote', address: 'RemoteIP', port: 'RemotePort' },
] as const;

/** Columns that take any text and any number. */
const texts = ['DeviceId', 'DeviceName', 'ActionType', 'ReportId', 'RemoteUrl', 'Protocol'] as const;

/**
 * The columns of a record whose value is not empty and cannot be read: a sign that Defender's format has changed. Returns only
 * names from this file. Cheap for a record without such values.
 */
export function unreadable(event: NetworkEvent): readonly string[] {
  const found: string[] = [];
  const check = (name: string, value: Json | undefined, read: unknown): void => {
    if (read === undefined && !saysNothing(value)) found.push(name);
  };
  for (const name of texts) {
    const value = event.field(name);
    check(name, value, typeof value === 'object' || typeof value === 'boolean' ? undefined : value);
  }
  check('Timestamp', event.field('Timestamp'), event.timestamp);
  for (const { end, address, port } of ends) {
    // Parsing an address is slow, and the row has its address already.
    const isInRow = isEndOfRow(event, end) && event.endpoint(end) !== undefined;
    const sent = event.field(address);
    if (!isInRow) check(address, sent, toEndpoint(sent));
    check(port, event.field(port), toPort(event.field(port)));
  }
  const { other, damaged } = event.unwrapped;
  const isEmptyList = Array.isArray(other) && other.length === 0;
  check('AdditionalFields', damaged ?? (isEmptyList ? null : other), undefined);
  const direction = event.spelt('direction');
  check('AdditionalFields.direction', direction, toDirection(direction));
  const count = event.action.isAggregated ? event.spelt('uniqueEventsAggregated') : undefined;
  check('AdditionalFields.uniqueEventsAggregated', count, toCountOfEvents(count));
  const start = event.isZeek ? event.detail('ts') : undefined;
  check('AdditionalFields.ts', start, fromFiletime(start));
  return found;
}

function isEndOfRow({ orientation }: NetworkEvent, end: End): boolean {
  return orientation.src === end || orientation.dst === end;
}
