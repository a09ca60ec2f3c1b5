import type { NetworkEvent } from './event';
import { isDirection } from './orientation';
import { saysNothing } from './secondSources';
import { toEndpoint } from './values/address';
import { toCountOfEvents, toPort } from './values/numbers';
import { toText } from './values/text';
import { fromFiletime, toMoment } from './values/time';

/** Columns that must be text or a number. */
const texts = ['DeviceId', 'DeviceName', 'ActionType', 'ReportId', 'RemoteUrl', 'Protocol'] as const;

/**
 * Names of the columns of a record that hold something which their rule cannot read: a sign that Defender's format has
 * changed. The names are from this file, so there are few. Pure, and cheap for a record that can be read.
 */
export function unreadable(event: NetworkEvent): readonly string[] {
  const found: string[] = [];
  const check = (name: string, value: unknown, isRead: boolean): void => {
    if (!isRead && value !== undefined && value !== null && value !== '') found.push(name);
  };
  for (const name of texts) {
    const value = event.field(name);
    check(name, value, typeof value !== 'object' && typeof value !== 'boolean');
  }
  const timestamp = event.field('Timestamp');
  check('Timestamp', timestamp, toMoment(timestamp) !== undefined);
  for (const end of ['Local', 'Remote'] as const) {
    const address = event.field(`${end}IP`);
    check(`${end}IP`, address, saysNothing(address) || toEndpoint(address) !== undefined);
    const port = event.field(`${end}Port`);
    check(`${end}Port`, port, saysNothing(port) || toPort(port) !== undefined);
  }
  const { other, damaged } = event.unwrapped;
  check('AdditionalFields', other ?? damaged, damaged === undefined && isNothing(other));
  const direction = event.spelt('direction');
  check('AdditionalFields.direction', direction, isDirection(direction));
  const count = event.action.isAggregated ? event.spelt('uniqueEventsAggregated') : undefined;
  check('AdditionalFields.uniqueEventsAggregated', count, toCountOfEvents(count) !== undefined);
  const start = event.isZeek ? event.detail('ts') : undefined;
  check('AdditionalFields.ts', start, saysNothing(start) || fromFiletime(start) !== undefined);
  return found;
}
