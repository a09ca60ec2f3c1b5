import type { Json } from '../json';
import type { RowColumns } from '../sessions/row';
import type { NetworkEvent } from './event';
import { toDirection } from './orientation';
import type { End } from './recordReader';
import { saysNothing } from './secondSources';
import { toEndpoint } from './values/address';
import { toCountOfEvents, toPort } from './values/numbers';
import { fromFiletime } from './values/time';

/** Columns whose rule takes any text and any number. */
const texts = ['DeviceId', 'DeviceName', 'ActionType', 'ReportId', 'RemoteUrl', 'Protocol'] as const;

/**
 * The columns of a record that hold something which their rule cannot read: a sign that Defender's format has changed.
 * `columns` are what became of it. The names are from this file, so there are few. Pure, and cheap for a record that can be read.
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
    // An address takes longest to read, and the row tells whether it could be.
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
