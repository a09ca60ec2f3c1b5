import { UsageError } from '../common/exit';
import type { LetterHead } from '../deadLetters/storedLetters';

/** Which letters to take; without any condition, all. */
export interface Filter {
  readonly reasons: readonly string[];
  readonly tables: readonly string[];
  readonly ids: ReadonlySet<string>;
  /** Written to the dead-letter hub at this time or later. */
  readonly since: Date | undefined;
  /** Written before this time. */
  readonly until: Date | undefined;
}

/** Reasons and tables match in any case, because a person types them. */
export function matches(filter: Filter, { id, reason, table, enqueued }: LetterHead): boolean {
  return (
    isOneOf(filter.reasons, reason) &&
    isOneOf(filter.tables, table ?? '') &&
    (filter.ids.size === 0 || filter.ids.has(id)) &&
    (filter.since === undefined || enqueued >= filter.since) &&
    (filter.until === undefined || enqueued < filter.until)
  );
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.length === 0 || names.some((one) => one.toLowerCase() === name.toLowerCase());
}

const isoTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?$/i;

/** The time in an option; UTC when it names no zone. @throws UsageError */
export function timeOption(name: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const found = isoTime.exec(text);
  const hasNoZone = text.includes('T') && found?.[1] === undefined;
  const time = found === null ? new Date(Number.NaN) : new Date(hasNoZone ? `${text}Z` : text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new UsageError(`--${name}: expected a time such as 2026-11-20 or 2026-11-20T09:30:00Z; found "${text}".`);
}
