import { compile } from './expressions';
import { indexOf, type Row, type Scope, type Table } from './scope';
import type { Column, Syntax } from './syntax';
import { conversions, textOf, type Value } from './values';

interface Capture {
  readonly name: string;
  readonly type: string;
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** parse and parse-where, with kind=simple and kind=relaxed: texts and columns one after the other. */
export function parseRows(input: Table, node: Syntax, scope: Scope, output: readonly Column[]): Row[] {
  const kind = node.parts.find((part) => part.kind === 'NamedParameter')?.part(1).text ?? 'simple';
  if (kind !== 'simple' && kind !== 'relaxed') throw node.error(`the evaluator does not know kind=${kind}`);
  const [source, ...pattern] = node.parts.filter((part) => part.kind !== 'NamedParameter');
  if (!source) throw node.error('it lacks its expression');
  const captures: Capture[] = [];
  const pieces = pattern.map((part, i) => {
    if (part.kind === 'StarExpression') return '.*?';
    if (part.kind === 'StringLiteralExpression') return escaped(part.literalText);
    const { name } = part.kind === 'NameAndTypeDeclaration' ? part.part(0) : part;
    captures.push({ name, type: output[indexOf(output, name)]?.[1] ?? 'string' });
    const next = pattern[i + 1]?.kind;
    if (next !== 'StarExpression') return next === undefined ? '(.*)' : '(.*?)';
    if (!['int', 'long'].includes(captures.at(-1)?.type ?? '')) throw part.error('where it ends before * is not known');
    return String.raw`([+-]?\d*)`;
  });
  const isOpen = pattern.at(-1)?.kind === 'StarExpression';
  const expression = new RegExp(`^${pieces.slice(0, isOpen ? -1 : undefined).join('')}${isOpen ? '' : '$'}`, 's');
  const text = compile(source, scope);
  const targets = captures.map(({ name }) => indexOf(output, name));
  const kept = output.map(([name]) => indexOf(input.columns, name));
  return input.rows.flatMap((row, index) => {
    const match = expression.exec(textOf(text({ row, rows: input.rows, index })));
    const values = captures.map(({ type }, i): Value => converted(match?.[i + 1], type));
    const isMet = match !== null && (kind === 'relaxed' || !values.includes(null));
    if (!isMet && node.kind === 'ParseWhereOperator') return [];
    const made = kept.map((from) => row[from] ?? null);
    for (const [i, target] of targets.entries()) made[target] = isMet ? (values[i] ?? null) : null;
    return [made];
  });
}

function converted(text: string | undefined, type: string): Value {
  return text === undefined ? null : (conversions[type]?.(text) ?? null);
}
