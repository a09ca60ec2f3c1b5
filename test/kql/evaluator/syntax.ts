/// <reference types="@kusto/language-service-next" />
import { columnsIn, kindOf, type SyntaxNode } from '../../../scripts/kql/languageService';

/** Name and Kusto type. */
export type Column = readonly [name: string, type: string];

/** What the evaluator cannot do, or does not know. It never guesses. */
export class KqlError extends Error {}

/** One node of the tree that Microsoft's language service parsed and bound, without its tokens and lists. */
export class Syntax {
  readonly kind: string;
  #parts: readonly Syntax[] | undefined;
  #body: Syntax | undefined;

  constructor(private readonly node: SyntaxNode) {
    this.kind = kindOf(node);
  }

  /** The nodes below, those of lists included. */
  get parts(): readonly Syntax[] {
    return (this.#parts ??= childrenOf(this.node).map((child) => new Syntax(child)));
  }

  part(index: number): Syntax {
    const found = this.parts[index];
    if (!found) throw this.error(`it has no part ${index}`);
    return found;
  }

  /** The words and signs that stand directly in this node. */
  get tokens(): readonly string[] {
    const { node } = this;
    return Array.from({ length: node.ChildCount }, (_, i) => node.GetChild(i)).flatMap((child) =>
      child instanceof Kusto.Language.Syntax.SyntaxToken && !child.IsMissing ? [child.Text ?? ''] : [],
    );
  }

  get text(): string {
    return this.node.ToString(Kusto.Language.Syntax.IncludeTrivia.Interior) ?? '';
  }

  /** The declared or referenced name. */
  get name(): string {
    const { NameReference, NameDeclaration, WildcardedName } = Kusto.Language.Syntax;
    const { node } = this;
    if (node instanceof NameReference || node instanceof NameDeclaration || node instanceof WildcardedName) {
      return node.SimpleName ?? '';
    }
    return this.text;
  }

  /** The value of a text literal, without quotes and escapes. */
  get literalText(): string {
    const { node } = this;
    const value: unknown = node instanceof Kusto.Language.Syntax.Expression ? node.LiteralValue : undefined;
    if (typeof value !== 'string') throw this.error('it is no text');
    return value;
  }

  /** The type that the binder gave it; `tuple` for several values. */
  get type(): string {
    return this.result?.Name ?? 'unknown';
  }

  /** Of a table, or of an expression with several values. */
  get columns(): readonly Column[] {
    return columnsIn(this.result);
  }

  get isExpression(): boolean {
    return this.node instanceof Kusto.Language.Syntax.Expression;
  }

  get isTable(): boolean {
    return this.result instanceof Kusto.Language.Symbols.TableSymbol;
  }

  /** The body of the user's function that this calls, bound to the arguments of this call. */
  get body(): Syntax | undefined {
    const body = this.#body ? null : this.node.GetCalledFunctionBody();
    return body ? (this.#body = new Syntax(body)) : this.#body;
  }

  /** The parameters of the function that this calls, with their defaults. */
  get parameters(): readonly { readonly name: string; readonly default: Syntax | undefined }[] {
    const symbol = this.node.ReferencedSymbol;
    const signature =
      symbol instanceof Kusto.Language.Symbols.FunctionSymbol ? symbol.Signatures?.getItem(0) : undefined;
    const list = signature?.Parameters;
    return Array.from({ length: list?.Count ?? 0 }, (_, i) => {
      const parameter = list?.getItem(i);
      const value = parameter?.DefaultValue;
      return { name: parameter?.Name ?? '', default: value ? new Syntax(value) : undefined };
    });
  }

  /** Every node of the tree. */
  all(): readonly Syntax[] {
    return [this, ...this.parts.flatMap((part) => part.all())];
  }

  error(message: string): KqlError {
    return new KqlError(`${this.kind} "${this.text.slice(0, 120)}": ${message}`);
  }

  private get result(): Kusto.Language.Symbols.TypeSymbol | null {
    return this.node instanceof Kusto.Language.Syntax.Expression ? this.node.ResultType : null;
  }
}

const lists = new Set(['List', 'SeparatedElement', 'ExpressionList', 'ExpressionCouple', 'BracketedExpression']);

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  return Array.from({ length: node.ChildCount }, (_, i) => node.GetChild(i)).flatMap((child) => {
    if (!(child instanceof Kusto.Language.Syntax.SyntaxNode)) return [];
    return lists.has(kindOf(child)) ? childrenOf(child) : [child];
  });
}
