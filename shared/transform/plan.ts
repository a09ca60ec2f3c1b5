import { legacyColumns } from '../defender/defenderTables';
import { stringifyJson } from '../json';
import { type AdditionalField, additionalFieldKeys } from './additionalFields';
import { initiatingProcessColumns } from './defenderColumns';
import type { NetworkEvent } from './event';
import { filledColumns } from './filledColumns';
import { maxObjectBytes } from './fitObject';
import { isListedColumn } from './news';
import { secondSourcesOf } from './secondSources';
import { type Part, Template } from './template';

/**
 * Writes the rows of one class of events (`Plans`). A column depends on the sources that the mapping names for it, and on
 * nothing else. So a column of whose sources the class has none is the same in every row: it is worked out once and stays in
 * a template. For each event only the other columns are set in it, and the template is written as JSON.
 */
export class Plan {
  readonly #mayHaveNews: boolean;
  readonly #row: Template;

  /** Made for the class of an event; `sources` are those that hold a value in it. */
  constructor(event: NetworkEvent, sources: Sources) {
    this.#mayHaveNews =
      event.action.name === undefined || sources.columns.some((column) => !isListedColumn(event.table, column));
    const level = event.settings.additionalFields;
    const process = initiatingProcessColumns.flatMap(({ column, key, levels }) =>
      levels.includes(level) ? sources.copy(column, key) : [],
    );
    const fields = additionalFieldKeys.flatMap((field) => {
      if (!field.levels.includes(level)) return [];
      if (field.isAsSent === true) return sources.copy(field.key, field.key);
      if (field.key !== 'InitiatingProcess') return partOf(field.key, field, event, sources);
      return process.length === 0 ? [] : [{ key: field.key, inner: new Template(process) }];
    });
    this.#row = new Template(
      filledColumns.flatMap(({ column, entry }) =>
        column === 'AdditionalFields'
          ? [{ key: column, inner: new Template(fields) }]
          : partOf(column, entry, event, sources),
      ),
    );
  }

  /** False for an event without news. */
  hasNews({ record }: NetworkEvent): boolean {
    return this.#mayHaveNews || Object.keys(record.unknownFields).length > 0;
  }

  /** The row's JSON, as `columnsOf` and `stringifyJson` make it. Undefined for a row with something to cut or to repair. */
  write(event: NetworkEvent): string | undefined {
    if (!this.#row.fill(event)) return undefined;
    const text = stringifyJson(this.#row.object);
    // No UTF-16 unit takes more than three bytes. JSON writes a lone surrogate as an escape.
    return text.length * 3 > maxObjectBytes || text.includes(String.raw`\ud`) ? undefined : text;
  }
}

/** A column or key: worked out for each event if it has a source in the class, else now. */
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

  /** Columns, and keys of Defender's AdditionalFields, that hold a value; each with its index in the object. */
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

  /** Whether what is made from these can differ between two events of the class, which all have one ActionType. */
  vary(from: readonly string[]): boolean {
    return from.some((name) => name.startsWith('envelope.') || (name !== 'ActionType' && this.#filled.has(name)));
  }

  /** The column's value as sent, under a key; no part if it holds none. */
  copy(column: string, key: string): Part[] {
    const index = this.#indexes.get(column);
    return index === undefined ? [] : [{ key, index }];
  }
}
