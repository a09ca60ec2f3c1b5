import type { Tally } from '../../shared/books';
import { keptFields } from '../../shared/transform/additionalFields';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import { counted } from '../common/numberText';
import { printable } from '../common/printable';

/** The books of a dry run as text. */
export function booksText(tally: Tally, settings: TransformSettings): string {
  const { messages, received, sent, skipped, dropped, duplicates, deadLettered, recordsRepaired } = tally;
  const became = [
    plainly(sent, 'row'),
    `${skipped} skipped`,
    ...(dropped > 0 ? [`${dropped} dropped`] : []),
    plainly(duplicates, 'duplicate'),
    plainly(deadLettered, 'dead letter'),
  ];
  const repaired = `repaired (control characters escaped): ${plainly(recordsRepaired, 'record')}`;
  return [
    `${plainly(received, 'record')} in ${plainly(messages, 'message')}: ${became.join(', ')}`,
    ...(recordsRepaired > 0 ? [repaired] : []),
    ...named('skipped', tally.skippedByTable),
    ...named('dropped, by rule', tally.droppedByRule),
    ...named('counted by rules, and not dropped', tally.countedByRule),
    ...named('errors in rules, whose records they do not drop', tally.ruleErrorsByRule),
    ...named('dead letters', tally.deadLetteredByReason),
    ...named(schemaNewsTitle(settings), tally.newInSchema),
    ...named('values that cannot be read, by column', tally.unreadableByColumn),
  ].join('\n');
}

/** The levels `full` and `lean` keep what the mapping does not know, unless a setting leaves it out. */
function schemaNewsTitle(settings: TransformSettings): string {
  const { keys } = keptFields(settings);
  const isKept = keys.has('Unmapped') && keys.has('Envelope') && !settings.omittedColumns.has('AdditionalFields');
  const level = settings.additionalFields;
  if (isKept) return "new in Defender's schema, kept in AdditionalFields";
  const by = level === 'full' || level === 'lean' ? 'by the settings' : `at ADDITIONAL_FIELDS=${level}`;
  return `new in Defender's schema, columns and fields not kept ${by}`;
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
