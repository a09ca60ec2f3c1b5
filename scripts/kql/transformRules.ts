import type { Analysis, Columns, Problem } from './languageService';

/**
 * What a transform of a Data Collection Rule may use: https://learn.microsoft.com/azure/azure-monitor/data-collection/data-collection-transformations-kql
 * (2026-01-20). Azure rejects anything else when the DCR is deployed, so this does too.
 */

/** The most characters of transformKql. */
const maxTransformLength = 15_360;

const functions = new Set(
  `abs ago array_concat array_length base64_decodestring base64_encodestring bin binary_and binary_not binary_or
  binary_shift_left binary_shift_right binary_xor case ceiling columnifexists countof datetime_add datetime_diff datetime_part
  dayofmonth dayofweek dayofyear endofday endofmonth endofweek endofyear exp exp10 exp2 extract extract_all floor geo_location
  getmonth gettype getyear hash_sha256 hourofday iif indexof isempty isfinite isinf isnan isnotempty isnotnull isnull log
  log10 log2 make_datetime make_timespan max_of min_of now pack pack_array parse_cef_dictionary parse_json parse_xml pow round
  sign split startofday startofmonth startofweek startofyear strcat strcat_delim strlen substring tobool todatetime todouble
  toguid toint tolong tolower toreal tostring totimespan toupper weekofyear zip`.split(/\s+/),
);

/** Kinds of syntax: the operators of the list, and the parts of expressions. */
const syntax = new Set(
  `QueryBlock List SeparatedElement ExpressionStatement PipeExpression Name NameReference TokenName BracketedName NameDeclaration
  LetStatement FunctionDeclaration FunctionParameters FunctionParameter NameAndTypeDeclaration PrimitiveTypeExpression FunctionBody
  ExtendOperator ProjectOperator PrintOperator FilterOperator ParseOperator ProjectAwayOperator ProjectRenameOperator
  DataTableExpression SimpleNamedExpression FunctionCallExpression ExpressionList ParenthesizedExpression PathExpression
  ElementExpression BracketedExpression StringLiteralExpression LongLiteralExpression IntLiteralExpression RealLiteralExpression
  BooleanLiteralExpression DateTimeLiteralExpression TimespanLiteralExpression
  AndExpression OrExpression EqualExpression NotEqualExpression EqualTildeExpression BangTildeExpression
  LessThanExpression LessThanOrEqualExpression GreaterThanExpression GreaterThanOrEqualExpression
  AddExpression SubtractExpression MultiplyExpression DivideExpression ModuloExpression UnaryMinusExpression
  ContainsExpression NotContainsExpression ContainsCsExpression NotContainsCsExpression
  HasExpression NotHasExpression HasCsExpression NotHasCsExpression
  StartsWithExpression NotStartsWithExpression StartsWithCsExpression NotStartsWithCsExpression
  EndsWithExpression NotEndsWithExpression EndsWithCsExpression NotEndsWithCsExpression
  MatchesRegexExpression InExpression NotInExpression`.split(/\s+/),
);

/** What Azure rejects when a DCR with this transform is deployed. */
export function notAllowedInTransforms(text: string, { nodes }: Analysis): Problem[] {
  const own = new Set(nodes.filter(({ kind }) => kind === 'NameDeclaration').map((node) => node.text));
  const used = nodes.flatMap(({ kind, line, text: code }) => {
    if (!syntax.has(kind)) return [{ line, message: `a transform may not use ${kind}: ${firstLine(code)}` }];
    const called = kind === 'FunctionCallExpression' ? /^\w+/.exec(code)?.[0] : undefined;
    return called === undefined || functions.has(called) || own.has(called)
      ? []
      : [{ line, message: `a transform may not call ${called}()` }];
  });
  return [...used, ...tooLong(text)];
}

export function tooLong(transform: string): Problem[] {
  const excess = withoutComments(transform).length - maxTransformLength;
  return excess > 0 ? [{ line: 1, message: `${excess} characters more than a DCR takes` }] : [];
}

/** Columns of the result that the table lacks, or has with another type. */
export function notOfTheTable(result: Columns, table: Columns): Problem[] {
  return Object.entries(result).flatMap(([name, type]) => {
    const expected = table[name];
    if (expected === type) return [];
    const message =
      expected === undefined ? `the table has no column ${name}` : `${name} is ${type}, in the table ${expected}`;
    return [{ line: 1, message }];
  });
}

/** Columns of the stream that the mapping fills and the transform never names: their values would be lost. */
export function lostColumns(text: string, filled: readonly string[], table: Columns): Problem[] {
  const words = new Set(withoutComments(text).match(/\w+/g));
  return filled
    .filter((column) => !words.has(column))
    .map((column) => {
      const remedy = table[column] === undefined ? 'pack it into AdditionalFields' : 'name it under project';
      return { line: 1, message: `the mapping fills ${column}, and the transform loses it: ${remedy}` };
    });
}

/** The text of a transform as it is deployed, without comment lines. */
export function withoutComments(text: string): string {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trim().startsWith('//'))
    .join('\n')
    .trim();
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
