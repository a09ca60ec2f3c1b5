import { Books, type Tally } from '../../../shared/books';
import type { DropRules } from '../../../shared/rules/dropRules';
import { readRules } from '../../../shared/rules/ruleFile';
import { defaultTransformSettings } from '../../../shared/transform/transformSettings';
import { transformBatch } from '../../../shared/transformBatch';
import { batchOf, message, recordOf } from './batches';

export interface WrittenRule {
  readonly name?: string;
  readonly action?: string;
  readonly keepOneIn?: number;
  readonly when: string;
}

/** Rules as a file has them; without name and action a rule is called `r` and drops. */
export function rulesOf(...rules: readonly WrittenRule[]): DropRules {
  const read = readRules(
    JSON.stringify({
      rules: rules.map(({ name = 'r', action = 'drop', ...rule }) => Object.assign(rule, { name, action })),
    }),
  );
  if (read.kind === 'wrong') throw new Error(read.problems.join('\n'));
  return read.rules;
}

/** The problems of a file with one rule of this expression. */
export function problemsOf(when: unknown): readonly string[] {
  const read = readRules(JSON.stringify({ rules: [{ name: 'r', action: 'drop', when }] }));
  return read.kind === 'wrong' ? read.problems : [];
}

/** The counts of a batch with these records, under these rules. */
export async function ruled(
  rules: DropRules,
  ...records: readonly Readonly<Record<string, unknown>>[]
): Promise<{ readonly tally: Tally; readonly rows: readonly string[] }> {
  const books = new Books();
  const batch = batchOf([message(...records.map((record, i) => recordOf(i, record)))]);
  const { rows } = await transformBatch(batch, defaultTransformSettings, books, { rules });
  return { tally: books.tally(), rows: rows.map(({ text }) => text) };
}

/** What one rule does with one record. */
export async function fateUnder(when: string, record: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { tally, rows } = await ruled(rulesOf({ when }), record);
  if (tally.dropped > 0) return 'dropped';
  if (rows.length !== 1) throw new Error('The record is neither dropped nor a row.');
  return tally.ruleErrorsByRule['r'] === 1 ? 'kept, with an error' : 'kept';
}
