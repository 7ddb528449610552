/** A queue of events by time: the one moving part of a discrete-event simulation. Equal times keep their order. */

interface Event {
  atSeconds: number;
  order: number;
  happen: () => void;
}

export class Timeline {
  /** Seconds since the beginning. */
  now = 0;
  readonly #heap: Event[] = [];
  #order = 0;

  /** Lets something happen in so many seconds. */
  in(seconds: number, happen: () => void): void {
    this.#push({ atSeconds: this.now + seconds, order: this.#order++, happen });
  }

  /** Lets everything happen that comes before `endSeconds`, unless `isOver` earlier. */
  run(endSeconds: number, isOver: () => boolean): void {
    for (let next = this.#heap[0]; next && next.atSeconds <= endSeconds && !isOver(); next = this.#heap[0]) {
      this.#pop();
      this.now = next.atSeconds;
      next.happen();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, heap[parent])) break;
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const child = left + 1 < heap.length && isBefore(heap[left + 1] as Event, heap[left]) ? left + 1 : left;
      if (child >= heap.length || !isBefore(heap[child] as Event, last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Event, other: Event | undefined): boolean {
  if (!other) return true;
  return one.atSeconds < other.atSeconds || (one.atSeconds === other.atSeconds && one.order < other.order);
}
