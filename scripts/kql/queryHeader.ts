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
  const comment = commentOf(text);
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

/** The lines of the comment; one that is indented continues the line before. */
export function commentOf(text: string): string[] {
  const lines = text.split(/\r?\n/).slice(0, commentLength(text));
  return lines
    .map((line) => line.slice(2).trimEnd())
    .join('\n')
    .replaceAll(/\n {2,}/g, ' ')
    .split('\n')
    .map((line) => line.trim());
}

/** The text without its comment. */
export function bodyOf(text: string): string {
  return text.split(/\r?\n/).slice(commentLength(text)).join('\n').trim();
}

function commentLength(text: string): number {
  const lines = text.split(/\r?\n/);
  const length = lines.findIndex((line) => !line.startsWith('//'));
  return length < 0 ? lines.length : length;
}

function columnsOf(text: string): Columns {
  return Object.fromEntries(
    text.split(', ').map((column): [string, string] => {
      const [name = '', type = ''] = column.split(': ');
      return [name, type];
    }),
  );
}
