/**
 * Wakes long polls. A waiting ReceiveMessage sleeps until something may have become visible in its queue, its time is
 * over, or its client has gone; then it looks at the database again, which alone knows.
 */
import type { Clock } from '../clock.ts';

export class Arrivals {
  readonly #waiting = new Map<string, Set<() => void>>();

  constructor(private readonly clock: Clock) {}

  /**
   * Says that a queue has changed. Polls wake in a microtask, that is after the transaction this is called in
   * (bun:sqlite transactions are synchronous), in the order in which they came.
   */
  announce(queue: string): void {
    queueMicrotask(() => {
      for (const wake of Array.from(this.#waiting.get(queue) ?? [])) wake();
    });
  }

  /** Sleeps until the queue is announced, `untilMs`, or `signal`. */
  wait(queue: string, untilMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const sleepers = this.#waiting.get(queue) ?? new Set();
      this.#waiting.set(queue, sleepers);
      const wake = () => {
        cancelAlarm();
        signal.removeEventListener('abort', wake);
        sleepers.delete(wake);
        if (sleepers.size === 0 && this.#waiting.get(queue) === sleepers) this.#waiting.delete(queue);
        resolve();
      };
      const cancelAlarm = this.clock.at(untilMs, wake);
      sleepers.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}
