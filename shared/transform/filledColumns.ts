import { keysOf } from '../keysOf';
import { mapping } from './mapping';
import type { Filled } from './mappingEntry';
import { perSettings } from './transformSettings';

type Mapping = typeof mapping;
export type FilledColumn = { [C in keyof Mapping]: Mapping[C] extends Filled<unknown> ? C : never }[keyof Mapping];

/** The columns that the mapping fills, in the order of the mapping. A row's keys have the same order. */
export const filledColumns = keysOf(mapping)
  .filter((column): column is FilledColumn => mapping[column].kind === 'filled')
  .map((column) => ({ column, entry: mapping[column] }));

/** Those of {@link filledColumns} that the settings leave in a row. The others are never worked out. */
export const keptColumns = perSettings(({ omittedColumns }) =>
  filledColumns.filter(({ column }) => !omittedColumns.has(column)),
);
