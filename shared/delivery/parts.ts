import { type Chunk, packChunks } from '../sessions/chunks';
import type { Row } from '../sessions/row';
import { byTimeRange } from './timeRange';

/** A chunk, and the rows that it holds. */
export interface FilledChunk<R> extends Chunk {
  readonly contents: readonly R[];
}

export function pack<R extends Row>(rows: readonly R[]): FilledChunk<R>[] {
  let taken = 0;
  return Array.from(packChunks(rows.map(({ text }) => text)), (chunk) => {
    taken += chunk.rows;
    return { ...chunk, contents: rows.slice(taken - chunk.rows, taken) };
  });
}

export function halves<R extends Row>(rows: readonly R[]): FilledChunk<R>[] {
  const middle = rows.length >> 1;
  return [...pack(rows.slice(0, middle)), ...pack(rows.slice(middle))];
}

/** Chunks that span no more time than one call may; empty when that would be the same call again. */
export function timeRanges<R extends Row>(rows: readonly R[]): FilledChunk<R>[] {
  const groups = byTimeRange(rows);
  return groups.length > 1 ? groups.flatMap((group) => pack(group)) : [];
}

/** So many of the rows, each chosen by chance, or all if there are no more. */
export function sampleOf<R>(rows: readonly R[], count: number, random: () => number): R[] {
  const left = [...rows];
  const chosen: R[] = [];
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return chosen;
}
