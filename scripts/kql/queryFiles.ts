import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative, resolve } from 'node:path';
import { isObject, type Json, type JsonObject, parseJson } from '../../shared/json';
import type { Declared, SavedFunction, Table } from './languageService';
import { workspaceTables } from './tableSchemas';

/** One query of the repository. */
export interface Query {
  /** Where it is, for the report. */
  readonly file: string;
  /** The number of its first line in the file, from 1. */
  readonly line: number;
  readonly text: string;
}

export const root = resolve(__dirname, '..', '..');

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8').replaceAll('\r\n', '\n');
}

/** The files of a folder and its subfolders, from the root of the repository; none if there is no such folder. */
export function filesIn(folder: string, extension: string): string[] {
  const path = join(root, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension))
    .map((file) => relative(root, join(path, file)).replaceAll('\\', '/'))
    .toSorted();
}

const functionFolder = 'infra/functions';
/** The workbook joins the beginnings in the first folder with queries in the second; they are checked joined. */
export const sessionsFolder = 'infra/queries/workbook/sessions';
export const workbookFolder = 'infra/queries/workbook';
/** Hunting queries are checked after what stands before them. */
export const huntingFolder = 'infra/queries/hunting';

export const transforms: readonly string[] = filesIn('infra/transforms', '.kql');

/** Queries that stand alone. */
export function queryFiles(): Query[] {
  return filesIn('infra/queries', '.kql')
    .filter((file) => !file.startsWith(`${workbookFolder}/`) && !file.startsWith(`${huntingFolder}/`))
    .map((file) => ({ file, line: 1, text: readText(file) }));
}

/** The queries of the workbooks, with sample values for their parameters. Lines count within the query. */
export function workbookQueries(): Query[] {
  return filesIn('infra/workbooks', '.json').flatMap((file) =>
    itemsOf(parseJson(readText(file))).flatMap(({ name, content }) => {
      // A parameter's query asks Azure Resource Graph, whose tables are not the workspace's.
      if (!isObject(content) || content['version'] !== 'KqlItem/1.0' || typeof content['query'] !== 'string') return [];
      return [{ file: `${file}, ${typeof name === 'string' ? name : ''}`, line: 1, text: filledIn(content['query']) }];
    }),
  );
}

function itemsOf(workbook: Json): JsonObject[] {
  const items = isObject(workbook) ? workbook['items'] : undefined;
  if (!Array.isArray(items)) throw new TypeError('a workbook has a list of items');
  return items.filter(isObject);
}

const parameters: Readonly<Record<string, string>> = {
  '{TimeRange}': '> ago(1d)',
  '{TimeRange:grain}': '1h',
  '{PricePerGb}': '2.30',
};

function filledIn(text: string): string {
  return Object.entries(parameters).reduce((filled, [name, value]) => filled.replaceAll(name, value), text);
}

/** The blocks of a document that are marked as Kusto. */
export function documentQueries(): Query[] {
  return ['README.md', ...filesIn('docs', '.md')].flatMap((file) => {
    const text = readText(file);
    return [...text.matchAll(/^```kusto\n(.*?)^```/gms)].map((block) => ({
      file,
      line: text.slice(0, block.index).split('\n').length + 1,
      text: block[1] ?? '',
    }));
  });
}

/** The bodies of the saved functions; one of them has a body for each destination table. */
export function functionBodies(): Query[] {
  return filesIn(functionFolder, '.kql').map((file) => ({ file, line: 1, text: readText(file) }));
}

/** The parameters of a saved function, whose name is that of the file up to its first dot. */
export function functionParameters({ file }: Pick<Query, 'file'>): string {
  return readText(`${functionFolder}/${functionName(file)}.parameters.txt`).trim();
}

function functionName(file: string): string {
  return basename(file).split('.', 1)[0] ?? '';
}

/** What a query may name: every table, the saved functions as they are with the default table, and Sentinel's parser over them. */
export function workspace(): Declared {
  const tables: readonly Table[] = workspaceTables();
  const functions = functionBodies()
    .filter(({ file }) => !file.endsWith('.asim.kql'))
    .map(({ file, text }): SavedFunction => {
      return { name: functionName(file), parameters: functionParameters({ file }), body: `{\n${text}\n}` };
    });
  const parser = functions.find(({ name }) => name.startsWith('vimNetworkSession'));
  return {
    tables,
    functions: parser === undefined ? functions : [...functions, { ...parser, name: '_Im_NetworkSession' }],
  };
}
