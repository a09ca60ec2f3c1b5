import type { Tally } from '../../shared/books';
import { printable } from '../common/printable';
import { nearestTable } from './tableOption';

/** What the user may have meant when records became no rows, one line each. */
export function hints(tally: Tally): string[] {
  return [
    ...(tally.received > 0 && tally.sent === 0 ? [`No record became a row.${why(tally)}`] : []),
    ...misspelt(tally),
  ];
}

function why({ deadLetteredByReason, skipped, received }: Tally): string {
  const { NoCategory = 0, NoProperties = 0, InvalidJson = 0 } = deadLetteredByReason;
  if (NoCategory + NoProperties > 0)
    return ' Records without category need the name of their table: --table DeviceNetworkEvents or --table DeviceEvents.';
  if (InvalidJson > 0)
    return ' The file should hold JSON, one document or one per line, or the CSV export of the portal with its first line.';
  return skipped === received ? ' docs/mapping.md lists the tables and action types that become rows.' : '';
}

/** Skipped tables whose names resemble a mapped one. */
function misspelt({ skippedByTable }: Tally): string[] {
  return Object.keys(skippedByTable).flatMap((table) => {
    const meant = nearestTable(table);
    return meant === undefined ? [] : [`${printable(table, 60)} is not mapped. Did you mean ${meant}?`];
  });
}
