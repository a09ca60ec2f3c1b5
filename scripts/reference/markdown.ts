/** A table; a cell may hold Markdown, but no HTML. */
export function table(head: readonly string[], rows: Iterable<readonly string[]>): string {
  return [line(head), line(head.map(() => '---')), ...[...rows].map(line)].join('\n');
}

function line(cells: readonly string[]): string {
  return `| ${cells.map(cell).join(' | ')} |`;
}

function cell(text: string): string {
  const parts = text.replace(/\r?\n/g, ' ').replaceAll('|', '\\|').split('`');
  // Every second part is between backticks, where < needs no escape.
  return parts.map((part, i) => (i % 2 === 0 ? part.replaceAll('<', '&lt;') : part)).join('`');
}

export function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

export function codes(texts: Iterable<string>): string {
  return [...texts].map(code).join(', ');
}

/** Joins the parts of a document with empty lines. */
export function paragraphs(...parts: readonly string[]): string {
  return `${parts.join('\n\n')}\n`;
}
