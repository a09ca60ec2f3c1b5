import type { Json } from '../json';
import type { RowColumns } from '../sessions/row';
import type { NetworkEvent } from './event';
import { toDirection } from './orientation';
import type { End } from './recordReader';
import { saysNothing } from './secondSources';
import { toEndpoint } from './values/address';
import { toCountOfEvents, toPort } from './values/numbers';
import { fromFiletime } from './values/time';

/** Columns that take any text and any number. */
const texts = ['DeviceId', 'DeviceName', 'ActionType', 'ReportId', 'RemoteUrl', 'Protocol'] as const;

/**
 * The columns of a record whose value is not empty and cannot be read: a sign that Defender's format has changed. `columns`
 * is the row made from the record. Returns only names from this file. Cheap for a record without such values.
 */
export function unreadable(event: NetworkEvent, columns: RowColumns): readonly string[] {
  const found: string[] = [];
  const check = (name: string, value: Json | undefined, read: unknown): void => {
    if (read === undefined && !saysNothing(value)) found.push(name);
  };
  for (const name of texts) {
    const value = event.field(name);
    check(name, value, typeof value === 'object' || typeof value === 'boolean' ? undefined : value);
  }
  check('Timestamp', event.field('Timestamp'), event.timestamp);
  for (const end of ['Local', 'Remote'] as const) {
    // Parsing an address is slow; the row shows whether it could be parsed.
    if (addressOf(columns, event, end) === undefined) {
      const address = event.field(`${end}IP`);
      check(`${end}IP`, address, toEndpoint(address));
    }
    const port = event.field(`${end}Port`);
    check(`${end}Port`, port, toPort(port));
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

function addressOf(columns: RowColumns, event: NetworkEvent, end: End): string | undefined {
  if (event.end('Src') === end) return columns.SrcIpAddr;
  return event.end('Dst') === end ? columns.DstIpAddr : undefined;
}
