import type { Columns } from './languageService';

/** The comment at the top of a query. */
export interface Header {
  /** The first sentence or two: what the query answers. */
  readonly answers: string;
  /** The line `// Value:` of an alert's query: what the number means, and its unit. */
  readonly value: string | undefined;
  /** The line `// Alert when:`. */
  readonly alertWhen: string | undefined;
  /** The line `// Returns:`; without it the columns are not checked. */
  readonly returns: Columns | undefined;
}

const tags = ['Value', 'Alert when', 'Returns'] as const;

export function headerOf(text: string): Header {
  const lines = text.split(/\r?\n/);
  const length = lines.findIndex((line) => !line.startsWith('//'));
  const comment = lines.slice(0, length < 0 ? lines.length : length).map((line) => line.slice(2).trim());
  const tagged = (tag: (typeof tags)[number]): string | undefined =>
    comment.find((line) => line.startsWith(`${tag}: `))?.slice(tag.length + 2);
  const returns = tagged('Returns');
  return {
    answers: comment.filter((line) => !tags.some((tag) => line.startsWith(`${tag}: `))).join(' '),
    value: tagged('Value'),
    alertWhen: tagged('Alert when'),
    returns: returns === undefined ? undefined : columnsOf(returns),
  };
}

function columnsOf(text: string): Columns {
  return Object.fromEntries(
    text.split(', ').map((column): [string, string] => {
      const [name = '', type = ''] = column.split(': ');
      return [name, type];
    }),
  );
}
