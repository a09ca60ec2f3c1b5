import { isDeepStrictEqual } from 'node:util';
import {
  conversions,
  keyOf,
  parseDynamic,
  parseMoment,
  parseSpan,
  plainOf,
  textOf,
  type Value,
  valueOf,
} from './evaluator/values';

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
      return isSame(found, parseMoment(text), 'datetime');
    case 'timespan':
      return isSame(found, parseSpan(text), 'timespan');
    case 'dynamic':
      return isDeepStrictEqual(found, plainOf(parseDynamic(text))) || own === text;
    case 'bool':
      return own === text.toLowerCase() || String(Number(found)) === text;
    default:
      return own.trim() === text.trim() || own === shown;
  }
}

function isSame(found: unknown, shown: Value, type: string): boolean {
  const value = conversions[type]?.(valueOf(found)) ?? null;
  return value !== null && shown !== null && keyOf(value) === keyOf(shown);
}
