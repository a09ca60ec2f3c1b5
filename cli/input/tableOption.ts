import { distance } from 'fastest-levenshtein';
import { tableName } from '../../shared/defender/defenderTables';
import { isMapped } from '../../shared/transform/actions';
import { UsageError } from '../common/exit';

/** The names of mapped tables, current names first. */
const names = ['DeviceNetworkEvents', 'DeviceEvents', 'NetworkCommunicationEvents', 'MiscEvents'];
const mapped = names.filter((name) => isMapped(tableName(name)));
/** A name is taken as a misspelling if it differs from a known one by at most this many letters. */
const maxDistance = 3;

/** The current name of the table in `--table`. @throws UsageError for a table that is not mapped: it gives no rows. */
export function tableOption(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const table = tableName(name);
  if (isMapped(table)) return table;
  const nearest = nearestTable(name);
  const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new UsageError(`--table ${name}: this table is not mapped.${question} Mapped are ${mapped.join(', ')}.`);
}

/** The mapped table with a similar name; undefined when there is none, or the name is right. */
export function nearestTable(name: string): string | undefined {
  const meant = plain(tableName(name));
  if (meant.length < 5 || mapped.includes(name)) return undefined;
  const ranked = mapped.map((table) => ({ table, letters: distance(meant, plain(table)) }));
  const [nearest] = ranked.toSorted((a, b) => a.letters - b.letters);
  if (nearest !== undefined && nearest.letters <= maxDistance) return nearest.table;
  return mapped.find((table) => plain(table).includes(meant));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
