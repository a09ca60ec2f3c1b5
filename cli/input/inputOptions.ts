import { UsageError } from '../common/exit';
import type { InputOptions } from './inputMessages';
import { dateOrders } from './portalTime';
import { tableOption } from './tableOption';

/** Reads `--table` and `--dates`. @throws UsageError */
export function inputOptions(values: {
  readonly table?: string | undefined;
  readonly dates?: string | undefined;
}): Pick<InputOptions, 'table' | 'dates'> {
  const dates = dateOrders.find((order) => order === values.dates);
  if (values.dates !== undefined && dates === undefined) {
    throw new UsageError(`--dates: expected ${dateOrders.join(' or ')}; found "${values.dates}".`);
  }
  return { table: tableOption(values.table), dates };
}
