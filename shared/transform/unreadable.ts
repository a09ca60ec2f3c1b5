import type { Row } from '../sessions/row';
import { type NetworkEvent, parsedJson } from './event';
import { toText } from './values/text';

/**
 * Columns that hold a value which the row was made without, because it cannot be read: the first sign that Defender writes
 * it in another way. The row tells, so that no value is read twice.
 */
export function unreadable(event: NetworkEvent, row: Row): string[] {
  const found: string[] = [];
  const see = (column: string, taken: unknown): void => {
    if (taken === undefined && saysSomething(event.record.properties[column])) found.push(column);
  };
  for (const side of ['Src', 'Dst'] as const) {
    const end = event.end(side);
    if (end === undefined) continue;
    see(`${end}IP`, row[`${side}IpAddr`]);
    see(`${end}Port`, row[`${side}PortNumber`]);
  }
  return found;
}
