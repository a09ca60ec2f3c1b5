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

/** Chunks within the time span that one call may have; empty when there would be one, the chunk that was rejected. */
export function timeRanges<R extends Row>(rows: readonly R[]): FilledChunk<R>[] {
  const groups = byTimeRange(rows);
  return groups.length > 1 ? groups.flatMap((group) => pack(group)) : [];
}

/** `count` random rows, or all if there are fewer. */
export function sampleOf<R>(rows: readonly R[], count: number, random: () => number): R[] {
  const left = [...rows];
  const sample: R[] = [];
  while (sample.length < count && left.length > 0) {
    sample.push(...left.splice(Math.floor(random() * left.length), 1));
  }
  return sample;
}
