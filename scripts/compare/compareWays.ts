import { isDeepStrictEqual } from 'node:util';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { mapMessage, readMessage } from '../../shared/defender/readMessage';
import { stringifyJson } from '../../shared/json';
import { Plans } from '../../shared/transform/plans';
import { type TransformedText, transform, transformToText } from '../../shared/transform/transform';
import type { TransformSettings } from '../../shared/transform/transformSettings';

/** What is made of a part of a message: all that the transform says of a record, else why it cannot be read. */
interface Made {
  readonly index: number;
  readonly table: string | undefined;
  readonly isRepaired: boolean;
  readonly made: TransformedText | Pick<Unreadable, 'reason' | 'error'>;
}

/** A part of a message, read and mapped as the app does and the plain way. Undefined if one way does not find the part. */
export interface Difference {
  readonly fast: Made | undefined;
  readonly plain: Made | undefined;
}

/** Counts of the records of a stream of messages. */
export interface Comparison {
  records: number;
  rows: number;
  different: number;
}

/**
 * Reads each message record by record and as a whole, maps each record with plans and without, and compares all that comes of
 * it: the row's text, EventUid, time, news and unreadable columns, or why there is no row. The books of a batch are made from
 * nothing else. Yields the counts after each message.
 */
export function* compareWays(
  messages: Iterable<unknown>,
  settings: TransformSettings,
  onDifference: (difference: Difference) => void,
): Generator<Comparison> {
  const plans = new Plans();
  const counts = { records: 0, rows: 0, different: 0 };
  const withPlans = (record: DefenderRecord): TransformedText => {
    // The first record of a class has no plan: it comes again, so that odd records have one too.
    transformToText(record, settings, plans);
    return transformToText(record, settings, plans);
  };
  for (const message of messages) {
    const fast = mapMessage(message, (part) => madeOf(part, withPlans));
    const plain = readMessage(message).map((part) => madeOf(part, (record) => plainText(record, settings)));
    for (let i = 0; i < Math.max(fast.length, plain.length); i++) {
      const made = plain[i]?.made;
      if (made !== undefined && 'kind' in made) counts.records++;
      if (made !== undefined && 'text' in made) counts.rows++;
      if (isDeepStrictEqual(fast[i], plain[i])) continue;
      counts.different++;
      onDifference({ fast: fast[i], plain: plain[i] });
    }
    yield counts;
  }
}

function madeOf(part: DefenderRecord | Unreadable, map: (record: DefenderRecord) => TransformedText): Made {
  const { index } = part;
  if (part.kind === 'record') return { index, table: part.table, isRepaired: part.isRepaired, made: map(part) };
  const { reason, error } = part;
  return { index, table: undefined, isRepaired: false, made: { reason, error } };
}

/** The reference: each column by the mapping, for this record alone. */
export function plainText(record: DefenderRecord, settings: TransformSettings): TransformedText {
  const made = transform(record, settings);
  if (made.kind !== 'row') return made;
  const { columns, ...about } = made;
  return { text: stringifyJson(columns), flow: undefined, ...about };
}
