import { legacyColumns } from '../defender/defenderTables';
import { stringifyJson } from '../json';
import { type AdditionalField, keptFields, processValue } from './additionalFields';
import type { NetworkEvent } from './event';
import { keptColumns } from './filledColumns';
import { maxObjectBytes } from './fitObject';
import { isListedColumn } from './news';
import { secondSourcesOf } from './secondSources';
import { type Part, Template } from './template';

/**
 * Writes the rows of one class of events (`Plans`). The mapping names the sources of each column, and a column depends on
 * nothing else. If no source of a column holds a value in this class, the column is the same in every row: it is computed once
 * and kept in a template. For each event the other columns are set in the template, which is then written as JSON.
 */
export class Plan {
  readonly #mayHaveNews: boolean;
  readonly #row: Template;

  /** Makes the plan for the class of this event; `sources` are those that hold a value in the class. */
  constructor(event: NetworkEvent, sources: Sources) {
    this.#mayHaveNews =
      event.action.name === undefined || sources.columns.some((column) => !isListedColumn(event.table, column));
    const kept = keptFields(event.settings);
    const process = kept.processFields.flatMap((field) => {
      const { column, key, held } = field;
      if (held === undefined) return sources.copy(column, key);
      return partOf(key, { from: [column], value: (one) => processValue(field, one) }, event, sources);
    });
    const fields = kept.fields.flatMap((field) => {
      if (field.isAsSent === true) return sources.copy(field.key, field.key);
      if (field.key !== 'InitiatingProcess') return partOf(field.key, field, event, sources);
      return process.length === 0 ? [] : [{ key: field.key, inner: new Template(process) }];
    });
    this.#row = new Template(
      keptColumns(event.settings).flatMap(({ column, entry }) => {
        if (column !== 'AdditionalFields') return partOf(column, entry, event, sources);
        return fields.length === 0 ? [] : [{ key: column, inner: new Template(fields) }];
      }),
    );
  }

  /** Whether the event may have columns, action types or envelope fields that are not listed (`news.ts`). */
  hasNews({ record }: NetworkEvent): boolean {
    return this.#mayHaveNews || Object.keys(record.unknownFields).length > 0;
  }

  /** The row's JSON, as `columnsOf` and `stringifyJson` make it. Undefined if something in the row must be cut or repaired. */
  write(event: NetworkEvent): string | undefined {
    if (!this.#row.fill(event)) return undefined;
    const text = stringifyJson(this.#row.object);
    // A UTF-16 unit takes at most three bytes. JSON.stringify writes a lone surrogate as an escape.
    return text.length * 3 > maxObjectBytes || text.includes(String.raw`\ud`) ? undefined : text;
  }
}

/** A column or key: computed for each event if one of its sources holds a value in the class, else computed now. */
function partOf(
  key: string,
  { from, mayBeIn, value }: Pick<AdditionalField, 'from' | 'mayBeIn' | 'value'>,
  event: NetworkEvent,
  sources: Sources,
): Part[] {
  if (mayBeIn?.(sources.columns) ?? sources.vary(from)) return [{ key, value }];
  const constant = value(event) ?? undefined;
  return constant === undefined || constant === '' ? [] : [{ key, constant }];
}

const modernNames: ReadonlyMap<string, string> = new Map(Object.entries(legacyColumns));

/** The sources that hold a value in a class of events, by the names that the mapping gives them. */
export class Sources {
  readonly #filled = new Set<string>();
  readonly #indexes = new Map<string, number>();

  /** Takes the columns, and the keys of Defender's AdditionalFields, that hold a value; each with its index in the object. */
  constructor(columns: ReadonlyMap<string, number>, details: ReadonlyMap<string, number>) {
    for (const [column, index] of columns) {
      const modern = modernNames.get(column) ?? column;
      this.#filled.add(modern);
      if (!columns.has(modern) || modern === column) this.#indexes.set(modern, index);
    }
    for (const key of details.keys()) {
      for (const name of [key, ...secondSourcesOf(key)]) this.#filled.add(`AdditionalFields.${name}`);
    }
    this.columns = [...columns.keys()];
  }

  /** The columns that hold a value, as the record names them. */
  readonly columns: readonly string[];

  /** Whether a value made from these sources can differ within the class. All events of a class have the same ActionType. */
  vary(from: readonly string[]): boolean {
    return from.some((name) => name.startsWith('envelope.') || (name !== 'ActionType' && this.#filled.has(name)));
  }

  /** Copies the column's value as sent to `key`; empty if the column holds no value in the class. */
  copy(column: string, key: string): Part[] {
    const index = this.#indexes.get(column);
    return index === undefined ? [] : [{ key, index }];
  }
}
