import { expect, test } from 'bun:test';
import * as fc from 'fast-check';
import { IntervalQuery, indexIntervals } from '../../../anntools/tracks/intervals.ts';

test('finds exactly the intervals that overlap, in order', () => {
  const interval = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.oneof(fc.nat(5), fc.nat(300)));
  const query = new IntervalQuery();
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 120 }), fc.array(interval, { maxLength: 20 }), (intervals, asked) => {
      const sorted = intervals.toSorted((a, b) => a[0] - b[0]);
      const tree = {
        starts: Int32Array.from(sorted, ([start]) => start),
        ends: Int32Array.from(sorted, ([start, length]) => start + length),
        reach: new Int32Array(sorted.length),
      };
      indexIntervals(tree);
      for (const [start, length] of asked) {
        const end = start + length;
        query.find(tree, start, end);
        const expected = sorted.flatMap(([from, bases], i) => (from < end && start < from + bases ? [i] : []));
        expect(query.hits.slice(0, query.count)).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
