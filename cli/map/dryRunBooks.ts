import type { Tally } from '../../shared/books';
import type { AdditionalFieldsLevel } from '../../shared/transform/transformSettings';
import { counted } from '../common/numberText';
import { printable } from '../common/printable';

/** The books of a dry run as text. */
export function booksText(tally: Tally, level: AdditionalFieldsLevel): string {
  const { messages, received, sent, skipped, duplicates, deadLettered, recordsRepaired } = tally;
  const became = [
    plainly(sent, 'row'),
    `${skipped} skipped`,
    plainly(duplicates, 'duplicate'),
    plainly(deadLettered, 'dead letter'),
  ];
  const repaired = `repaired (control characters escaped): ${plainly(recordsRepaired, 'record')}`;
  return [
    `${plainly(received, 'record')} in ${plainly(messages, 'message')}: ${became.join(', ')}`,
    ...(recordsRepaired > 0 ? [repaired] : []),
    ...named('skipped', tally.skippedByTable),
    ...named('dead letters', tally.deadLetteredByReason),
    ...named(schemaNewsTitle(level), tally.newInSchema),
    ...named('values that cannot be read, by column', tally.unreadableByColumn),
  ].join('\n');
}

/** Only the level `full` keeps what the mapping does not know. */
function schemaNewsTitle(level: AdditionalFieldsLevel): string {
  const fate =
    level === 'full' ? 'kept in AdditionalFields' : `columns and fields not kept at ADDITIONAL_FIELDS=${level}`;
  return `new in Defender's schema, ${fate}`;
}

function named(title: string, counts: Readonly<Record<string, number>>): string[] {
  const entries = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  if (entries.length === 0) return [];
  return [`${title}:`, ...entries.map(([name, count]) => `  ${count} ${printable(name, 140)}`)];
}

/** Writes the count without thousands separators, because scripts read these lines. */
function plainly(count: number, what: string): string {
  return counted(count, what, String);
}
