import { distance } from 'fastest-levenshtein';
import { tableName } from '../../shared/defender/tables';
import { isMapped } from '../../shared/transform/actions';
import { UsageError } from '../common/exit';

/** Every name by which a mapped table is known, today's first. */
const names = ['DeviceNetworkEvents', 'DeviceEvents', 'NetworkCommunicationEvents', 'MiscEvents'];
const mapped = names.filter((name) => isMapped(tableName(name)));
/** Letters that may differ between a slip of the pen and the name that is meant. */
const mostSlips = 3;

/** What `--table` names, by its modern name. @throws UsageError for a table that is not mapped: none of its rows would be. */
export function tableOption(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const table = tableName(name);
  if (isMapped(table)) return table;
  const nearest = nearestTable(name);
  const question = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  throw new UsageError(`--table ${name}: this table is not mapped.${question} Mapped are ${mapped.join(', ')}.`);
}

/** The mapped table that somebody may have meant; undefined when the name resembles none, or is one. */
export function nearestTable(name: string): string | undefined {
  const meant = plain(tableName(name));
  if (meant.length < 5 || mapped.some((table) => plain(table) === plain(name) && table === name)) return undefined;
  const ranked = mapped.map((table) => ({ table, slips: distance(meant, plain(table)) }));
  const [nearest] = ranked.toSorted((a, b) => a.slips - b.slips);
  if (nearest !== undefined && nearest.slips <= mostSlips) return nearest.table;
  return mapped.find((table) => plain(table).includes(meant));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}
