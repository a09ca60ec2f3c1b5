import { array, assert, integer, property } from 'fast-check';
import { byTimeRange } from '../../../shared/delivery/timeRange';

const at = (minutes: number): { time: number } => ({ time: minutes * 60_000 });

describe('rows grouped by time', () => {
  test('a group spans at most 30 minutes, both ends included', () => {
    const [a, b, c, d] = [at(0), at(30), at(30.001), at(61)];
    expect(byTimeRange([d, b, a, c].flatMap((row) => row ?? []))).toEqual([[a, b], [c], [d]].map((group) => group));
  });

  test('every row is in exactly one group, and no group spans more', () => {
    assert(
      property(array(integer({ min: 0, max: 5000 })), (minutes) => {
        const rows = minutes.map(at);
        const groups = byTimeRange(rows);
        expect(new Set(groups.flat())).toEqual(new Set(rows));
        expect(groups.flat()).toHaveLength(rows.length);
        for (const group of groups) {
          const times = group.map((row) => minutes[rows.indexOf(row)] ?? 0);
          expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(30);
        }
      }),
    );
  });
});
