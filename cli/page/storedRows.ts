import { isObject, type Json, type JsonObject, parseJson } from '../../shared/json';

/** The newest rows are kept, at most so many and of so many bytes. */
const mostRows = 2000;
const mostBytes = 32 * 1024 * 1024;

/** A row that Logs Ingestion stored. */
export interface StoredRow {
  /** Counts from 1. */
  readonly id: number;
  /** As it was stored. */
  readonly text: string;
  /** The invocation that sent it; undefined if the call did not say. */
  readonly invocationId: string | undefined;
}

/** The few columns that a list shows; an empty text for a column that the row does not have. */
export interface RowSummary {
  readonly id: number;
  readonly time: string;
  readonly actionType: string;
  readonly direction: string;
  readonly result: string;
  readonly device: string;
  readonly source: string;
  readonly destination: string;
  readonly user: string;
}

export interface RowFilter {
  /** Any text of the row, in any case. */
  readonly text: string;
  /** Undefined: any; an empty text: rows without the column. */
  readonly actionType: string | undefined;
  readonly direction: string | undefined;
  readonly result: string | undefined;
  readonly limit: number;
}

/** How many of the kept rows have each value. */
export type Choices = Readonly<Record<'actionType' | 'direction' | 'result', readonly (readonly [string, number])[]>>;

export interface FoundRows {
  /** Newest first. */
  readonly rows: readonly RowSummary[];
  readonly matching: number;
  readonly kept: number;
  /** Of all rows stored since the start. */
  readonly stored: number;
  readonly choices: Choices;
}

/** The newest stored rows. */
export class StoredRows {
  #rows: StoredRow[] = [];
  #bytes = 0;
  #stored = 0;
  readonly #summaries = new WeakMap<StoredRow, RowSummary>();

  get stored(): number {
    return this.#stored;
  }

  add(texts: readonly string[], invocationId: string | undefined): void {
    for (const text of texts) {
      this.#rows.push({ id: ++this.#stored, text, invocationId });
      this.#bytes += text.length;
    }
    let dropped = Math.max(0, this.#rows.length - mostRows);
    for (let i = 0; i < dropped; i++) this.#bytes -= this.#rows[i]?.text.length ?? 0;
    while (this.#bytes > mostBytes && dropped < this.#rows.length - 1) {
      this.#bytes -= this.#rows[dropped++]?.text.length ?? 0;
    }
    if (dropped > 0) this.#rows = this.#rows.slice(dropped);
  }

  /** Undefined if it is not kept any more. */
  get(id: number): StoredRow | undefined {
    const first = this.#rows[0]?.id ?? 1;
    return this.#rows[id - first];
  }

  find(filter: RowFilter): FoundRows {
    // As the text stands in JSON: a backslash there is two.
    const wanted = JSON.stringify(filter.text).slice(1, -1).toLowerCase();
    const summaries = this.#rows.map((row) => ({ row, summary: this.summaryOf(row) }));
    const matching = summaries.filter(
      ({ row, summary }) =>
        isWanted(filter.actionType, summary.actionType) &&
        isWanted(filter.direction, summary.direction) &&
        isWanted(filter.result, summary.result) &&
        (wanted === '' || row.text.toLowerCase().includes(wanted)),
    );
    const all = summaries.map(({ summary }) => summary);
    return {
      rows: matching
        .slice(-filter.limit)
        .toReversed()
        .map(({ summary }) => summary),
      matching: matching.length,
      kept: this.#rows.length,
      stored: this.#stored,
      choices: {
        actionType: counts(all.map(({ actionType }) => actionType)),
        direction: counts(all.map(({ direction }) => direction)),
        result: counts(all.map(({ result }) => result)),
      },
    };
  }

  private summaryOf(row: StoredRow): RowSummary {
    const known = this.#summaries.get(row);
    if (known !== undefined) return known;
    const summary = { id: row.id, ...summaryOfRow(parsed(row.text)) };
    this.#summaries.set(row, summary);
    return summary;
  }
}

function isWanted(wanted: string | undefined, found: string): boolean {
  return wanted === undefined || wanted === found;
}

function parsed(text: string): JsonObject {
  const row = parseJson(text);
  return isObject(row) ? row : {};
}

/** What a list shows of a row. */
export function summaryOfRow(row: JsonObject): Omit<RowSummary, 'id'> {
  const [time, actionType, direction, result, device] = [
    'TimeGenerated',
    'EventSubType',
    'NetworkDirection',
    'EventResult',
    'DvcHostname',
  ].map((column) => shown(row[column]));
  return {
    time: time ?? '',
    actionType: actionType ?? '',
    direction: direction ?? '',
    result: result ?? '',
    device: device ?? '',
    source: endOf(row, 'Src'),
    destination: endOf(row, 'Dst'),
    user: shown(row['SrcUserUpn'] ?? row['SrcUserName'] ?? row['DstUserUpn'] ?? row['DstUserName']),
  };
}

/** `192.0.2.5:443 (www.example.com)` */
function endOf(row: JsonObject, side: 'Src' | 'Dst'): string {
  const address = shown(row[`${side}IpAddr`]);
  const port = shown(row[`${side}PortNumber`]);
  const name = shown(row[`${side}DvcFqdn`] ?? row[`${side}DvcHostname`]);
  const host = address.includes(':') && port !== '' ? `[${address}]` : address;
  const where = port === '' ? host : `${host}:${port}`;
  if (where === '' || name === '') return `${where}${name}`;
  return `${where} (${name})`;
}

const most = 200;

function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return text.length > most ? `${text.slice(0, most)}\u2026` : text;
}

/** The most frequent first. */
function counts(values: readonly string[]): [string, number][] {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return [...found].toSorted(([, a], [, b]) => b - a).slice(0, most);
}
