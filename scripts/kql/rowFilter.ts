import { analyse, type Problem } from './languageService';
import { readText, transforms } from './queryFiles';
import { stream } from './tableSchemas';
import { notAllowedInTransforms, tooLong, withoutComments } from './transformRules';

/** The transforms that the template puts a filter into: `source` alone, and those of infra/transforms. */
const bases = ['source', ...transforms.map((file) => withoutComments(readText(file)))];

/** What is wrong with the template's parameter `rowFilter`: one condition on columns of a row, which every DCR takes. */
export function problemsOfRowFilter(condition: string): Problem[] {
  if (condition.trim() === '') return [{ line: 1, message: 'it is empty, so all rows are stored' }];
  if (condition.includes('\n')) return [{ line: 1, message: 'it must be one line' }];
  const alone = analyse(`source\n| where ${condition}`, stream);
  const statements = alone.nodes.filter(({ kind }) => kind === 'ExpressionStatement' || kind.endsWith('Operator'));
  const isOneCondition = statements.length === 2 && alone.nodes.every(({ kind }) => kind !== 'LetStatement');
  const found = [
    ...alone.problems,
    ...(isOneCondition
      ? []
      : [{ line: 1, message: 'it must be one condition, without "where" and without operators that follow' }]),
    ...notAllowedInTransforms('', alone),
    ...bases.flatMap((base) => tooLong(filtered(base, condition))),
  ];
  return [...new Set(found.map(({ message }) => message))].map((message) => ({ line: 1, message }));
}

/** The transform with the filter, as infra/modules/rules.bicep makes it. */
export function filtered(transform: string, condition: string): string {
  return `\n${transform}\n`.replace('\nsource\n', () => `\nsource\n| where ${condition}\n`).trim();
}
