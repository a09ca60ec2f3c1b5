/// <reference types="@kusto/language-service-next" />
// The library exports nothing: it registers the globals Bridge, System and Kusto, and its second file needs the first.
/* oxlint-disable import/no-unassigned-import */
import '@kusto/language-service-next/bridge.js';
import '@kusto/language-service-next/Kusto.Language.Bridge.js';
/* oxlint-enable import/no-unassigned-import */

/** What a query may name: tables with their columns, and saved functions. */
export interface Declared {
  readonly tables: readonly Table[];
  readonly functions?: readonly SavedFunction[];
}

export interface Table {
  readonly name: string;
  readonly columns: Columns;
}

/** Column name to Kusto type. */
export type Columns = Readonly<Record<string, string>>;

export interface SavedFunction {
  readonly name: string;
  /** `name:type=default, ...`, as in a saved search. */
  readonly parameters: string;
  readonly body: string;
}

export interface Problem {
  /** From 1, in the analysed text. */
  readonly line: number;
  readonly message: string;
}

export interface Analysis {
  /** Errors, warnings and suggestions. */
  readonly problems: readonly Problem[];
  /** Of the result, in order; empty if it is no table. */
  readonly columns: Columns;
  readonly nodes: readonly Node[];
}

/** A piece of the query, in the order of the text. */
export interface Node {
  /** The name of its Kusto.Language.Syntax.SyntaxKind, such as `FilterOperator`. */
  readonly kind: string;
  readonly line: number;
  readonly text: string;
  readonly syntax: SyntaxNode;
}

export type SyntaxNode = Kusto.Language.Syntax.SyntaxNode;

/** Parses and type-checks one query. */
export function analyse(text: string, declared: Declared): Analysis {
  const { code, root, diagnostics } = parse(text, declared);
  const lineAt = lines(text);
  return {
    problems: diagnostics.map(({ Start, Message }) => ({ line: lineAt(Start), message: Message ?? 'unknown problem' })),
    columns: Object.fromEntries(columnsIn(code.ResultType)),
    nodes: nodesOf(text, root, lineAt),
  };
}

/** The syntax tree of one query with its types. @throws Error, where the service finds an error in the query */
export function bound(text: string, declared: Declared): SyntaxNode {
  const { root, diagnostics } = parse(text, declared);
  const error = diagnostics.find(({ Severity }) => Severity === 'Error');
  if (error) throw new Error(`line ${lines(text)(error.Start)}: ${error.Message}`);
  return root;
}

function parse(text: string, declared: Declared) {
  const code = Kusto.Language.KustoCode.ParseAndAnalyze(text, globals(declared));
  const root = code?.Syntax;
  if (!code || !root) throw new Error('The language service returned no syntax tree.');
  return { code, root, diagnostics: listOf(code.GetDiagnostics()) };
}

const cache = new WeakMap<Declared, Kusto.Language.GlobalState>();

function globals(declared: Declared): Kusto.Language.GlobalState {
  const known = cache.get(declared);
  if (known) return known;
  const { TableSymbol, FunctionSymbol, DatabaseSymbol } = Kusto.Language.Symbols;
  const members = [
    ...declared.tables.map(({ name, columns }) => new TableSymbol.$ctor7(name, schemaText(columns), null)),
    ...(declared.functions ?? []).map(
      ({ name, parameters, body }) => new FunctionSymbol.$ctor16(name, `(${parameters})`, body, null),
    ),
  ];
  const state = Kusto.Language.GlobalState.Default?.WithDatabase(new DatabaseSymbol.ctor('workspace', members));
  if (!state) throw new Error('The language service returned no state to declare tables in.');
  cache.set(declared, state);
  return state;
}

function schemaText(columns: Columns): string {
  return `(${Object.entries(columns)
    .map(([name, type]) => `${name}: ${type}`)
    .join(', ')})`;
}

/** Names and types of a table's columns, or of the values of an expression that has several. */
export function columnsIn(type: Kusto.Language.Symbols.TypeSymbol | null): [name: string, type: string][] {
  const { TableSymbol, TupleSymbol } = Kusto.Language.Symbols;
  if (!(type instanceof TableSymbol) && !(type instanceof TupleSymbol)) return [];
  return listOf(type.Columns).map((column) => [column.Name ?? '', column.Type?.Name ?? 'unknown']);
}

function nodesOf(text: string, root: SyntaxNode, lineAt: (offset: number) => number): Node[] {
  const nodes: Node[] = [];
  root.WalkNodes((syntax) => {
    const { TextStart, End } = syntax;
    nodes.push({ kind: kindOf(syntax), line: lineAt(TextStart), text: text.slice(TextStart, End), syntax });
  });
  return nodes;
}

export function kindOf(syntax: SyntaxNode): string {
  return kinds.get(syntax.Kind) ?? 'unknown';
}

/** The column's symbol for each time that the query reads the table. */
export function columnsRead(nodes: readonly Node[], table: string, column: string): ReadonlySet<unknown> {
  const symbols = nodes.filter(({ kind, text }) => kind === 'NameReference' && text === table);
  return new Set(
    symbols.flatMap(({ syntax: { ReferencedSymbol: read } }) =>
      read instanceof Kusto.Language.Symbols.TableSymbol
        ? listOf(read.Columns).filter(({ Name }) => Name === column)
        : [],
    ),
  );
}

const kinds = new Map(Object.entries(Kusto.Language.Syntax.SyntaxKind).map(([name, value]) => [value, name]));

/** Converts a list of Bridge, which is no array. */
function listOf<T>(list: System.Collections.Generic.IReadOnlyList$1<T> | null): T[] {
  return list === null ? [] : Array.from({ length: list.Count }, (_, i) => list.getItem(i));
}

function lines(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split('\n').length;
}
