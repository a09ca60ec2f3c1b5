import { nameList } from '../nameList';
import { platformColumns, type WritableColumn, writableColumns } from '../sessions/row';
import { additionalFieldNames } from './additionalFields';

/** What KEEP_COLUMNS, OMIT_COLUMNS and OMIT_ADDITIONAL_FIELDS may name. */

/**
 * The columns that no setting takes out of a row, and what needs each of them. Mandatory in ASIM:
 * https://learn.microsoft.com/azure/sentinel/normalization-common-fields
 */
export const requiredColumns = {
  TimeGenerated: 'every table of Log Analytics has it; without it the service writes the time of receipt',
  EventUid: 'finds rows that were stored twice: `NetworkSessionsUnique`, [queries.md](queries.md)',
  EventStartTime: 'mandatory in ASIM',
  EventEndTime: 'mandatory in ASIM',
  EventCount: 'mandatory in ASIM',
  EventType: 'mandatory in ASIM',
  EventSubType:
    "Defender's action type: says what the row means, and [the ASim transform](asim.md) makes EventType and the side of the device from it",
  EventResult: 'mandatory in ASIM',
  EventProduct: 'mandatory in ASIM',
  EventVendor: 'mandatory in ASIM',
  EventSchemaVersion: 'mandatory in ASIM',
  DvcHostname: 'the mandatory Dvc of ASIM is made from it',
} as const satisfies Partial<Record<WritableColumn, string>>;

export const optionalColumns: readonly WritableColumn[] = writableColumns.filter(
  (column) => !Object.hasOwn(requiredColumns, column),
);

function eachWith(columns: readonly string[], advice: string): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column, advice]));
}

const ofThePlatform = eachWith(platformColumns, 'remove it; Log Analytics fills this column, not the app');
const ofEveryRow = eachWith(Object.keys(requiredColumns), 'remove it; docs/settings.md says what needs this column');

export const columnsToKeep = nameList(writableColumns, ofThePlatform, 'docs/mapping.md, "Columns",');
export const columnsToOmit = nameList(
  optionalColumns,
  { ...ofThePlatform, ...ofEveryRow },
  'docs/mapping.md, "Columns",',
);
export const fieldsToOmit = nameList(
  additionalFieldNames,
  { Truncated: 'remove it; it says that something was cut' },
  'docs/mapping.md, "AdditionalFields",',
);

/** The columns that are left out where only some are kept. */
export function allBut(kept: ReadonlySet<WritableColumn>): ReadonlySet<WritableColumn> {
  return new Set(optionalColumns.filter((column) => !kept.has(column)));
}
