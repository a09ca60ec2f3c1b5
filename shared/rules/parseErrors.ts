import { limits } from './language';

/** What the library says of an expression that is not CEL, in words, with what to do. */

const operators = 'Values are compared with ==, !=, <, <=, > or >=, conditions are joined with && or ||';

/** By the library's code. */
const advice: Readonly<Record<string, string>> = {
  no_such_overload: 'Compare text with text and a whole number with a whole number (443, not "443" or 443.0).',
  no_matching_overload: 'Check what the function is given: docs/rules.md lists the functions.',
  unterminated_string: 'Close it with the same quote.',
  unterminated_triple_quoted_string: 'Close it with the same three quotes.',
  newline_in_string: 'Close the text in its line, or write \\n.',
  unexpected_character: `Remove it. ${operators}, and text stands in quotes.`,
  unexpected_token: `Complete the expression there. ${operators}.`,
  expected_token: 'Complete the expression there: each bracket and each call is closed.',
  reserved_identifier: 'The word is reserved in CEL: take another, or put text in quotes.',
  invalid_index_type: 'An item of a list is named by a whole number, as in value[0], a column by a text.',
  cannot_index_type: 'Only the record, its objects and its lists have parts: use the value itself.',
  invalid_logical_operand: 'Compare the value, as in row.DstPortNumber == 53: && and || join conditions.',
  invalid_condition_type: 'Compare the value, as in row.DstPortNumber == 53: a condition stands before the ?.',
  incompatible_ternary_branches: 'Give both sides of the : the same type.',
  heterogeneous_list_element: 'Write all items of a list in the same type.',
  no_such_key: 'docs/mapping.md lists the columns.',
  limit_exceeded: 'Make two rules of it.',
};
const otherAdvice = 'docs/rules.md says how an expression is written.';

/** Names that the library has for what a text is made of. */
const tokens: Readonly<Record<string, string>> = {
  EOF: 'the end of the expression',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  COMMA: 'a comma',
  COLON: ':',
  QUESTION: '?',
  DOT: '.',
  PLUS: '+',
  MINUS: '-',
  MULTIPLY: '*',
  DIVIDE: '/',
  MODULO: '%',
  EQ: '==',
  NE: '!=',
  LT: '<',
  LE: '<=',
  GT: '>',
  GE: '>=',
  AND: '&&',
  OR: '||',
  NOT: '!',
  IN: 'in',
  NUMBER: 'a number',
  STRING: 'a text',
  BYTES: 'bytes',
  BOOLEAN: 'true or false',
  NULL: 'null',
  IDENTIFIER: 'a name',
};

/** What the library calls its limits. */
const limitTexts: Readonly<Record<string, string>> = {
  maxAstNodes: `the expression has more than ${limits.maxAstNodes} parts. Make two rules of it, or shorter lists`,
  maxDepth: `more than ${limits.maxDepth} parts are inside each other. Make two rules of it`,
  maxListElements: `the list has more than ${limits.maxListElements} items. Make two lists of it`,
  maxCallArguments: 'the call has too many values. docs/rules.md says what each function takes',
  maxMapEntries: 'an expression cannot make an object. Write a list, or several conditions joined with &&',
};

/** The reason and what to do, in sentences. */
export function reasonOf(code: string, summary: string): string {
  const [, limit = ''] = /^Exceeded (\w+)/.exec(summary) ?? [];
  const known = limitTexts[limit];
  if (code === 'limit_exceeded' && known !== undefined) return `${known}.`;
  const words =
    code === 'expected_token' || code === 'unexpected_token'
      ? summary.replaceAll(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token)
      : summary;
  return `${words}. ${advice[code] ?? otherAdvice}`;
}
