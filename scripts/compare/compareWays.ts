import { isDeepStrictEqual } from 'node:util';
import type { DefenderRecord } from '../../shared/defender/messageParts';
import { readMessage } from '../../shared/defender/readMessage';
import { stringifyJson } from '../../shared/json';
import { Plans } from '../../shared/transform/plans';
import { type TransformedText, transform, transformToText } from '../../shared/transform/transform';
import type { TransformSettings } from '../../shared/transform/transformSettings';

/** What becomes of a record with plans, and without. */
export interface Difference {
  readonly fast: TransformedText;
  readonly plain: TransformedText;
}

/** Counts of the records of a stream of messages. */
export interface Comparison {
  records: number;
  rows: number;
  different: number;
}

/**
 * Maps each record with plans and without, and compares all that the transform says of it: the row's text, EventUid, time,
 * news and unreadable columns, or why there is no row. The books of a batch are made from nothing else. Yields the counts
 * after each message.
 */
export function* compareWays(
  messages: Iterable<unknown>,
  settings: TransformSettings,
  onDifference: (difference: Difference) => void,
): Generator<Comparison> {
  const plans = new Plans();
  const counts = { records: 0, rows: 0, different: 0 };
  for (const message of messages) {
    for (const part of readMessage(message)) {
      if (part.kind !== 'record') continue;
      const plain = plainText(part, settings);
      // The first record of a class has no plan: it comes again, so that odd records have one too.
      transformToText(part, settings, plans);
      const fast = transformToText(part, settings, plans);
      counts.records++;
      if (plain.kind === 'row') counts.rows++;
      if (isDeepStrictEqual(fast, plain)) continue;
      counts.different++;
      onDifference({ fast, plain });
    }
    yield counts;
  }
}

/** The reference: each column by the mapping, for this record alone. */
export function plainText(record: DefenderRecord, settings: TransformSettings): TransformedText {
  const made = transform(record, settings);
  if (made.kind !== 'row') return made;
  const { columns, ...about } = made;
  return { text: stringifyJson(columns), ...about };
}
