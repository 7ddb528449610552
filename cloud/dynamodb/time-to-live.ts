/**
 * Time to live: items disappear when their time has passed. Here they go within a second or so. AWS takes up to some
 * days, and until then reads, queries and scans still show them: a program must not take an item's presence for its
 * being valid, and must not rely on this cloud's haste.
 */
import type { Clock } from '../clock.ts';
import type { Items } from './items.ts';
import type { Tables } from './tables.ts';

/** Deletes expired items as the clock passes them. */
export class TimeToLive {
  #nextSeconds = Infinity;
  #cancel: () => void = () => {};
  #running = false;

  constructor(
    private readonly tables: Tables,
    private readonly items: Items,
    private readonly clock: Clock,
    private readonly report: (message: string, cause: unknown) => void,
  ) {
    items.onExpiry = (atSeconds) => this.#expect(atSeconds);
  }

  start(): void {
    this.#running = true;
    this.#sweep();
  }

  stop(): void {
    this.#running = false;
    this.#cancel();
  }

  /** Wakes up at this time, unless it would be awake before. Already passed times wait for the next second. */
  #expect(atSeconds: number): void {
    if (!this.#running || atSeconds >= this.#nextSeconds) return;
    this.#cancel();
    this.#nextSeconds = atSeconds;
    const soonestMs = this.clock.now() + 1000;
    this.#cancel = this.clock.at(Math.max(atSeconds * 1000, soonestMs), () => this.#sweep());
  }

  #sweep(): void {
    this.#nextSeconds = Infinity;
    const nowSeconds = Math.floor(this.clock.now() / 1000);
    try {
      const more = this.items.transaction(() => this.#deleteSome(nowSeconds));
      const next = more ? nowSeconds : this.items.nextExpiry(nowSeconds);
      if (next !== undefined) this.#expect(next);
    } catch (cause) {
      this.report('DynamoDB could not delete expired items', cause);
      this.#expect(nowSeconds + 60);
    }
  }

  #deleteSome(nowSeconds: number): boolean {
    const expired = this.items.expired(nowSeconds);
    for (const stored of expired) {
      const table = this.tables.withId(stored.tableId);
      if (table) this.items.delete(table, stored);
    }
    return expired.length > 0;
  }
}
