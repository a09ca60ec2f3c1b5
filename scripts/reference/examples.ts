import { isObject, type Json, stringifyJson } from '../../shared/json';
import { type Case, readCases } from '../cases/caseFiles';
import { outcomeOf, readCase } from '../cases/caseOutcome';

/** A value that the transform returns for a test case. */
export interface Example {
  readonly value: Json;
  /** Name of the case: `test/cases/<name>.json`. */
  readonly caseName: string;
}

/** Typical rows come first; other cases give the examples of all other columns. */
const typical = [
  'connection/success-with-url',
  'connection/inbound-accepted',
  'zeek/http-out',
  'zeek/icmp-out',
  'zeek/ntlm-in',
  'network-protection/blocked-phishing',
  'packet/attempt-in',
];

/** Finds examples. Maps a case when it is first needed. */
export class Examples {
  readonly #cases: readonly Case[];
  readonly #rows = new Map<string, readonly Json[]>();

  constructor(cases: readonly Case[] = readCases()) {
    const named = typical.flatMap((name) => cases.filter((one) => one.name === name));
    this.#cases = [...named, ...cases.filter((one) => !typical.includes(one.name))];
  }

  /** The first row that has this column. */
  ofColumn(column: string): Example | undefined {
    return this.first((row) => row[column]);
  }

  /** The first row of an action type. */
  ofAction(actionType: string): Example | undefined {
    return this.first((row) => (row['EventSubType'] === actionType ? row : undefined));
  }

  private first(pick: (row: Readonly<Record<string, Json>>) => Json | undefined): Example | undefined {
    for (const one of this.#cases) {
      for (const row of this.rowsOf(one)) {
        const value = isObject(row) ? pick(row) : undefined;
        if (value !== undefined) return { value, caseName: one.name };
      }
    }
    return undefined;
  }

  private rowsOf(one: Case): readonly Json[] {
    const known = this.#rows.get(one.name);
    if (known !== undefined) return known;
    const { rows } = outcomeOf(readCase(one));
    this.#rows.set(one.name, rows);
    return rows;
  }
}

/** A value on one line, shortened. */
export function shown(value: Json): string {
  const text = typeof value === 'string' ? value : stringifyJson({ value }).slice('{"value":'.length, -1);
  return text.length <= 64 ? text : `${text.slice(0, 61)}...`;
}
