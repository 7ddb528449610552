/** The intervals of one contig as they arrive, and sorted once they are all there. */
import type { IntervalTree } from './intervals.ts';

const FIRST_SIZE = 256;
/** Sorting packs a start of 31 bits and an index into one double of 53 bits. */
const PACKED_MAX = 2 ** 22;

export class TrackContig {
  #starts = new Int32Array(FIRST_SIZE);
  #ends = new Int32Array(FIRST_SIZE);
  #labels = new Uint32Array(FIRST_SIZE);
  #count = 0;
  #isSorted = true;

  add(start: number, end: number, label: number): void {
    const at = this.#count++;
    if (at === this.#starts.length) this.#grow();
    if (at > 0 && start < this.#starts[at - 1]) this.#isSorted = false;
    this.#starts[at] = start;
    this.#ends[at] = end;
    this.#labels[at] = label;
  }

  /** Ascending by start, those of one start in the order they came; in memory that threads share, reach not yet filled in. */
  sorted(): IntervalTree & { labels: Uint32Array } {
    const count = this.#count;
    const order = this.#isSorted ? null : this.#order();
    const shared = (): SharedArrayBuffer => new SharedArrayBuffer(count * 4);
    const starts = new Int32Array(shared());
    const ends = new Int32Array(shared());
    const labels = new Uint32Array(shared());
    for (let i = 0; i < count; i++) {
      const from = order === null ? i : order[i];
      starts[i] = this.#starts[from];
      ends[i] = this.#ends[from];
      labels[i] = this.#labels[from];
    }
    return { starts, ends, reach: new Int32Array(shared()), labels };
  }

  #order(): Uint32Array {
    const count = this.#count;
    const starts = this.#starts;
    const order = new Uint32Array(count);
    if (count > PACKED_MAX) {
      for (let i = 0; i < count; i++) order[i] = i;
      return order.sort((a, b) => starts[a] - starts[b] || a - b);
    }
    const packed = new Float64Array(count);
    for (let i = 0; i < count; i++) packed[i] = starts[i] * PACKED_MAX + i;
    packed.sort();
    for (let i = 0; i < count; i++) order[i] = packed[i] % PACKED_MAX;
    return order;
  }

  #grow(): void {
    const size = this.#count * 2;
    const grown = <Numbers extends Int32Array | Uint32Array>(from: Numbers, to: Numbers): Numbers => {
      to.set(from);
      return to;
    };
    this.#starts = grown(this.#starts, new Int32Array(size));
    this.#ends = grown(this.#ends, new Int32Array(size));
    this.#labels = grown(this.#labels, new Uint32Array(size));
  }
}
