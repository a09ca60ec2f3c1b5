/** Replaces the text between `<!-- name:begin -->` and `<!-- name:end -->`. @throws when there is no such block. */
export function withBlock(text: string, name: string, content: string): string {
  const begin = `<!-- ${name}:begin -->`;
  const end = `<!-- ${name}:end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`There is no block ${begin} ... ${end}. Add these two lines to the page.`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
