import { type Chunk, packChunks } from '../sessions/chunks';
import type { Row } from '../sessions/row';
import { byTimeRange } from './timeRange';

export function halves<R extends Row>(rows: readonly R[]): Chunk<R>[] {
  const middle = rows.length >> 1;
  return [...packChunks(rows.slice(0, middle)), ...packChunks(rows.slice(middle))];
}

/** Chunks within the time span that one call may have; empty when there would be one, the chunk that was rejected. */
export function timeRanges<R extends Row>(rows: readonly R[]): Chunk<R>[] {
  const groups = byTimeRange(rows);
  return groups.length > 1 ? groups.flatMap((group) => packChunks(group)) : [];
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
