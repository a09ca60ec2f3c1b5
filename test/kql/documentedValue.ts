import { isDeepStrictEqual } from 'node:util';
import { parseDynamic, parseMoment, plainOf, textOf, valueOf } from './evaluator/values';

/** Whether a value of a result is the one that a documented table shows: rounded reals and shortened times are the same. */
export function isDocumented(found: unknown, shown: string, type: string): boolean {
  const text = shown.replaceAll(/&nbsp;|<br ?\/?>/g, '').replace(/^(["'`])(.*)\1$/, '$2');
  const own = textOf(valueOf(found));
  if (found === null) return ['', 'null', '(null)'].includes(text);
  switch (type) {
    case 'real': {
      if (typeof found === 'number' && Number.isNaN(found)) return text === 'NaN';
      const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
      return Math.abs(Number(found) - Number(text.replaceAll(',', ''))) <= 0.6 * 10 ** -digits;
    }
    case 'datetime':
      return own === textOf(parseMoment(text));
    case 'dynamic':
      return isDeepStrictEqual(found, plainOf(parseDynamic(text))) || own === text;
    case 'bool':
      return own === text.toLowerCase() || String(Number(found)) === text;
    default:
      return own.trim() === text.trim() || own === shown;
  }
}
