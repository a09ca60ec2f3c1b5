import { readCases } from '../../scripts/cases/caseFiles';
import type { Columns } from '../../scripts/kql/languageService';
import { functionBodies, functionParameters, readText } from '../../scripts/kql/queryFiles';
import { stream, workspaceTables } from '../../scripts/kql/tableSchemas';
import { isObject, type JsonObject } from '../../shared/json';
import { evaluate, evaluateRows, type Workspace } from '../kql/evaluator/evaluate';
import type { Cells } from './testers';

/** The tables that the app can write to. */
export const destinations = ['NetworkSessions_CL', 'ASimNetworkSessionLogs'] as const;
export type Destination = (typeof destinations)[number];

/** The text of a file, or another that a test puts in its place. */
export type Texts = Readonly<Record<string, string>>;

export const transformFile = 'infra/transforms/asimNetworkSessionLogs.kql';
export const parserFile = 'infra/functions/vimNetworkSessionMicrosoftDefenderStream.kql';

/** Every row that the cases expect, with the name of its case. */
export const caseRows: readonly { readonly name: string; readonly row: JsonObject }[] = readCases().flatMap(
  ({ name, rows }) => rows.filter(isObject).map((row) => ({ name, row })),
);

export const allRows: readonly JsonObject[] = caseRows.map(({ row }) => row);

/** A workspace of Sentinel whose rows went to one of the tables, or to both; the other is empty. */
export function workspaceWith(rows: readonly JsonObject[], to: Destination | 'both', texts: Texts = {}): Workspace {
  return {
    now: '2026-11-29T12:00:00Z',
    tables: {
      NetworkSessions_CL: {
        schema: schemaOf('NetworkSessions_CL'),
        rows: to === 'ASimNetworkSessionLogs' ? [] : rows.map((row) => ({ ...row, Type: 'NetworkSessions_CL' })),
      },
      ASimNetworkSessionLogs: {
        schema: { ...schemaOf('ASimNetworkSessionLogs'), _ItemId: 'string' },
        rows: to === 'NetworkSessions_CL' ? [] : throughRule(rows, texts),
      },
    },
    functions: functionsWith(texts),
  };
}

function schemaOf(table: string): Columns {
  return workspaceTables().find(({ name }) => name === table)?.columns ?? {};
}

type Stored = readonly Readonly<Record<string, unknown>>[];
const known = new WeakMap<readonly JsonObject[], Map<string, Stored>>();

/** The rows as the DCR stores them. Several tests ask for the same, and binding the transform takes long. */
function throughRule(rows: readonly JsonObject[], texts: Texts): Stored {
  const text = texts[transformFile] ?? readText(transformFile);
  const byText = known.get(rows) ?? new Map<string, Stored>();
  known.set(rows, byText);
  const stored = byText.get(text) ?? transformed(rows, text);
  byText.set(text, stored);
  return stored;
}

function transformed(rows: readonly JsonObject[], text: string): Stored {
  const source = { schema: stream.tables[0]?.columns ?? {}, rows };
  const stored = evaluateRows(text, {
    now: '2026-11-29T12:00:00Z',
    tables: { source },
  });
  return stored.map((row, i) => Object.assign(row, { Type: 'ASimNetworkSessionLogs', _ItemId: `item ${i}` }));
}

/** The saved functions, and Microsoft's: the parser of its table, and the union with the parsers of the workspace. */
function functionsWith(texts: Texts): NonNullable<Workspace['functions']> {
  const saved = functionBodies()
    .filter(({ file }) => !file.endsWith('.asim.kql'))
    .map((query) => {
      const name = /(\w+)\.kql$/.exec(query.file)?.[1] ?? '';
      return [name, { parameters: functionParameters(query), body: texts[query.file] ?? query.text }] as const;
    });
  const parameters = functionParameters({ file: parserFile });
  const names = parameters.split(',').flatMap((one) => /^\w+(?=:)/.exec(one) ?? []);
  const passed = names.map((name) => `${name}=${name}`);
  const builtIn = passed.slice(0, -1).join(', ');
  const body = `union isfuzzy=true
    (_Im_NetworkSession_Native(${builtIn})),
    (vimNetworkSessionMicrosoftDefenderStream(${passed.join(', ')}))`;
  return {
    ...Object.fromEntries(saved),
    _Im_NetworkSession_Native: { parameters, body: readText('test/asim/builtInParser.kql') },
    _Im_NetworkSession: { parameters, body },
  };
}

/** The columns of a result and its rows with their cells as text. */
export function cellsOf(query: string, workspace: Workspace): { readonly types: Columns; readonly rows: Cells[] } {
  const { columns, rows } = evaluate(query, workspace);
  const cells = rows.map((row) => Object.fromEntries(columns.map(([name], i) => [name, textOf(row[i])])));
  return { types: Object.fromEntries(columns), rows: cells };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner));
}

/** Where two results differ: row, column and both values. Columns that Log Analytics fills itself are left out. */
export function differences(one: readonly Cells[], other: readonly Cells[]): string[] {
  if (one.length !== other.length) return [`${one.length} rows and ${other.length} rows`];
  return one.flatMap((row, i) => {
    const counterpart = other[i] ?? {};
    return [...new Set([...Object.keys(row), ...Object.keys(counterpart)])]
      .filter((column) => column !== 'Type' && column !== '_ItemId' && row[column] !== counterpart[column])
      .map((column) => `row ${i}, ${column}: ${row[column]} and ${counterpart[column]}`);
  });
}
