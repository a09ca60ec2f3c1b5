import { readTransformSettings } from '../../shared/config';
import type { DefenderRecord, Unreadable } from '../../shared/defender/messageParts';
import { readMessage } from '../../shared/defender/readMessage';
import { type Json, parseJson, stringifyJson } from '../../shared/json';
import { transform } from '../../shared/transform/transform';
import type { TransformSettings } from '../../shared/transform/transformSettings';
import type { Case, CaseOutcome } from './caseFiles';

/** A case with the parts of its message. */
export interface ReadCase {
  readonly one: Case;
  readonly settings: TransformSettings;
  readonly parts: readonly (DefenderRecord | Unreadable)[];
}

export function readCase(one: Case): ReadCase {
  return {
    one,
    settings: readTransformSettings(one.settings),
    parts: readMessage(Buffer.from(one.message), { table: one.table }),
  };
}

export function outcomeOf({ parts, settings }: ReadCase): CaseOutcome {
  const rows: Json[] = [];
  const skipped: string[] = [];
  const dead: string[] = [];
  for (const part of parts) {
    const result = part.kind === 'record' ? transform(part, settings) : part;
    if (result.kind === 'row') rows.push(parseJson(stringifyJson(result.columns)));
    else if (result.kind === 'skipped') skipped.push(result.key);
    else dead.push(result.reason);
  }
  return { rows, skipped, dead };
}
