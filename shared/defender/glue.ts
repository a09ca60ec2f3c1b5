/** What may stand around records in a message that is whole: brackets, the key of the list, commas and white space. */
const beforeFirst = /^[\s\ufeff]*(?:\[\s*)?(?:\{\s*"(?:records|results|body)"\s*:\s*){0,3}(?:\[\s*)?$/i;
const between = /^\s*(?:\]\s*\}?\s*)?,?\s*(?:(?:\{\s*"(?:records|results)"\s*:\s*)?\[\s*)?$/i;
const behindLast = /^[\s,]*(?:\][\s\]}]*)?\}{0,3}\s*$/;
/** Longer text is more than glue; the patterns need not look at it. */
const maxGlue = 200;

export type GapPlace = 'first' | 'between' | 'last';

/** Whether the text between two records, before the first or behind the last one is only what belongs there. */
export function isGlue(text: string, place: GapPlace): boolean {
  if (text.length > maxGlue) return text.trim() === '';
  return (place === 'first' ? beforeFirst : place === 'between' ? between : behindLast).test(text);
}

/** Where the damage in a gap begins and ends: without the commas, the white space and the list's brackets around it. */
export function damageIn(text: string): { readonly start: number; readonly end: number } {
  const opening = /^[\s,]*(?:\{\s*"records"\s*:\s*)?(?:\[\s*)?/i.exec(text)?.[0].length ?? 0;
  let end = text.length;
  while (end > opening && /[\s,]/.test(text.charAt(end - 1))) end--;
  const closing = /\}\s*(\]\s*\})$/.exec(text.slice(Math.max(opening, end - 32), end));
  if (closing?.[1] !== undefined) end -= closing[1].length;
  return { start: opening, end };
}
