/**
 * Which intervals overlap a span? An implicit interval tree after cgranges (lh3/cgranges `cgranges.c`): the intervals
 * sorted by start are read as a balanced tree in order, and each node knows the largest end below it. No pointers: four
 * arrays, which threads share.
 *
 * All is zero-based and half-open: [a, b) and [s, e) overlap when a < e and s < b. For an insertion (s = e) this means
 * that the bases on both of its sides are covered; for an interval of no bases, that it lies inside the span.
 */

/** Intervals of one contig, ascending by start, with the tree above them. */
export interface IntervalTree {
  starts: Int32Array;
  ends: Int32Array;
  /** Largest end in the subtree of each. */
  reach: Int32Array;
}

/** Subtrees of this height are read one by one. */
const LEAF_HEIGHT = 3;

/** Fills in the reach of intervals that are sorted by start. */
export function indexIntervals({ starts, ends, reach }: IntervalTree): void {
  const count = starts.length;
  let lastIndex = 0;
  let last = 0;
  for (let i = 0; i < count; i += 2) {
    lastIndex = i;
    last = reach[i] = ends[i];
  }
  for (let height = 1; 2 ** height <= count; height++) {
    const half = 2 ** (height - 1);
    for (let i = 2 * half - 1; i < count; i += 4 * half) {
      const right = i + half < count ? reach[i + half] : last;
      reach[i] = Math.max(ends[i], reach[i - half], right);
    }
    lastIndex = (lastIndex >> height) & 1 ? lastIndex - half : lastIndex + half;
    if (lastIndex < count && reach[lastIndex] > last) last = reach[lastIndex];
  }
}

/**
 * Asks one tree after another; what it found is in `hits` until it is asked again. Neighbours in a sorted file mostly
 * have the same answer: it is kept with the spans it holds for, and the tree is walked only beyond them.
 */
export class IntervalQuery {
  /** Indexes of the intervals found, ascending by start. */
  readonly hits: number[] = [];
  count = 0;
  readonly #stack: number[] = [];
  /** The answer holds for spans of this tree that start in [low, lowEnd) and end in (high, highEnd]. */
  #tree: IntervalTree | undefined;
  #low = 0;
  #lowEnd = 0;
  #high = 0;
  #highEnd = 0;

  /** Finds the intervals that overlap [start, end). */
  find(tree: IntervalTree, start: number, end: number): void {
    const holds =
      tree === this.#tree && start >= this.#low && start < this.#lowEnd && end > this.#high && end <= this.#highEnd;
    if (holds) return;
    this.#walk(tree, start, end);
    this.#tree = tree;
    this.#low = start;
    this.#lowEnd = Infinity;
    for (let i = 0; i < this.count; i++) this.#lowEnd = Math.min(this.#lowEnd, tree.ends[this.hits[i]]);
    this.#high = this.count > 0 ? tree.starts[this.hits[this.count - 1]] : -Infinity;
    this.#highEnd = nextStart(tree.starts, end);
  }

  #walk({ starts, ends, reach }: IntervalTree, start: number, end: number): void {
    const { hits } = this;
    const stack = this.#stack;
    const total = starts.length;
    this.count = 0;
    if (total === 0) return;
    let depth = 0;
    // Of each subtree: its height, its root, and whether its left half is done.
    const top = 31 - Math.clz32(total);
    stack[depth++] = top;
    stack[depth++] = 2 ** top - 1;
    stack[depth++] = 0;
    while (depth > 0) {
      const isLeftDone = stack[--depth];
      const root = stack[--depth];
      const height = stack[--depth];
      if (height <= LEAF_HEIGHT) {
        const from = (root >> height) << height;
        const to = Math.min(total, from + 2 ** (height + 1) - 1);
        for (let i = from; i < to && starts[i] < end; i++) if (start < ends[i]) hits[this.count++] = i;
      } else if (isLeftDone === 0) {
        const left = root - 2 ** (height - 1);
        stack[depth++] = height;
        stack[depth++] = root;
        stack[depth++] = 1;
        if (left >= total || reach[left] > start) {
          stack[depth++] = height - 1;
          stack[depth++] = left;
          stack[depth++] = 0;
        }
      } else if (root < total && starts[root] < end) {
        if (start < ends[root]) hits[this.count++] = root;
        stack[depth++] = height - 1;
        stack[depth++] = root + 2 ** (height - 1);
        stack[depth++] = 0;
      }
    }
  }
}

/** The first start at or behind an offset, of starts that ascend; infinity behind the last. */
function nextStart(starts: Int32Array, offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle] < offset) low = middle + 1;
    else high = middle;
  }
  return low < starts.length ? starts[low] : Infinity;
}
