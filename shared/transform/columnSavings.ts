import type { DefenderRecord } from '../defender/messageParts';
import type { Lever, Saving } from '../savings';
import { maxChunkBytes } from '../sessions/chunks';
import { Plans } from './plans';
import { type MappedRow, type TransformedText, transformToText } from './transform';
import { defaultTransformSettings, perSettings, type TransformSettings } from './transformSettings';

/**
 * One row of this many is also written without the settings that leave out columns and keys. Writing every row twice would
 * cost more CPU than these settings save.
 */
export const rowsPerMeasured = 100;

/** A setting in use that makes rows smaller. */
interface Step {
  readonly lever: Lever;
  readonly name: string;
  /** The settings without this lever and those that act after it. */
  readonly before: TransformSettings;
  readonly plans: Plans;
}

/** The levers in use, the last to act first. */
const stepsOf = perSettings((settings): readonly Step[] => {
  const { omittedColumns, columnsBy, omittedFields, additionalFields } = settings;
  const none = defaultTransformSettings;
  const steps: Step[] = [];
  // What the other levers do with a row comes after, and is not asked again.
  let before: TransformSettings = { ...settings, mergeFlows: none.mergeFlows };
  const add = (lever: Lever, name: string, undone: Partial<TransformSettings>): void => {
    before = { ...before, ...undone };
    steps.push({ lever, name, before, plans: new Plans() });
  };
  if (additionalFields !== none.additionalFields) {
    add('ADDITIONAL_FIELDS', additionalFields, { additionalFields: none.additionalFields });
  }
  if (omittedFields.size > 0) add('OMIT_ADDITIONAL_FIELDS', '', { omittedFields: none.omittedFields });
  if (omittedColumns.size > 0) add(columnsBy, '', { omittedColumns: none.omittedColumns });
  return steps;
});

/**
 * What the settings that leave out columns and keys save in a row: nothing for most rows, and for one in `oneIn` what it saves
 * times `oneIn`. The EventUid decides which, so that a redelivered record saves the same.
 */
export function savedInRow(
  record: DefenderRecord,
  { text, uid }: Pick<MappedRow, 'text' | 'uid'>,
  settings: TransformSettings,
  oneIn: number,
): readonly Saving[] {
  const steps = stepsOf(settings);
  if (steps.length === 0 || !isMeasured(uid, oneIn)) return nothing;
  let sizes: number[];
  try {
    sizes = steps.map(({ before, plans }) => bytesOf(transformToText(record, before, plans)));
  } catch {
    // A bug in a column that is left out must not dead-letter the record: its row is whole.
    return nothing;
  }
  const whole = sizes.at(-1) ?? 0;
  let after = Buffer.byteLength(text);
  return steps.map(({ lever, name }, i) => {
    // A key that is left out can come back in Raw and make a small row larger: that saves nothing, and no other lever saves more.
    const before = Math.max(after, Math.min(sizes[i] ?? 0, whole));
    const bytes = (before - after) * oneIn;
    after = before;
    return { lever, name, rows: 0, bytes };
  });
}

/** Of the row as it would be sent: one that is too large is cut. */
function bytesOf(made: TransformedText): number {
  return made.kind === 'row' ? Math.min(Buffer.byteLength(made.text), maxChunkBytes - 2) : 0;
}

const nothing: readonly Saving[] = [];

/** By the first digits of the EventUid: a rule that keeps a sample decides by the last ones. */
function isMeasured(uid: string, oneIn: number): boolean {
  return Number.parseInt(uid.slice(0, 8), 16) % oneIn === 0;
}
